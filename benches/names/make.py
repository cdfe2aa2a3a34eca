"""Makes same.tsv and strangers.tsv from the lists and schemes of packages of others.

Names: Faker (MIT). Spellings: iuliia, translitua, mrz, Unidecode, pypinyin, transliterate, anyascii.
`|` parts surname, given names and patronymic. None of them shares a table with the product. Seeded: the same files on every run.
    pip install Faker iuliia translitua mrz Unidecode pypinyin transliterate anyascii && python make.py
"""

import random
import warnings
from itertools import islice

import iuliia
from anyascii import anyascii
from faker import Faker
from mrz.generator.dictionaries.latin_based import transliteration as doc_9303
from pypinyin import Style, lazy_pinyin
import translitua
from translitua import translit
from transliterate import translit as national
from unidecode import unidecode

warnings.filterwarnings("ignore")
rng = random.Random(9303)
same, strangers = [], []


def faker(locale):
    one = Faker(locale)
    one.seed_instance(9303)
    return one


def zone(text):
    """What of a spelling a zone can hold."""
    kept = [c for c in text.upper().replace("-", " ") if c.isalpha() or c in " |"]
    return "".join(c for c in kept if c.isascii())


def people(locale, count, patronymics=False):
    """Different people: surname, given name, patronymic or None."""
    one, seen = faker(locale), set()
    while len(seen) < count:
        female = len(seen) % 2 == 1
        by = lambda name: getattr(one, f"{name}_{'female' if female else 'male'}", None)
        last = (by("last_name") or one.last_name)()
        first = (by("first_name") or one.first_name)()
        middle = by("middle_name")() if patronymics else None
        person = (last, first, middle)
        if person not in seen and all(part.strip() for part in (last, first)):
            seen.add(person)
            yield person


def pair(left, right, issuer, origin):
    if left.strip() and right.strip():
        same.append((left, right, issuer, origin))


def cyrillic(locale, issuer, count, schemes, origin, patronymics=False):
    """One way of writing in turn: with a patronymic, given name first, in capitals."""
    for i, (last, first, middle) in enumerate(people(locale, count, patronymics)):
        name, spell = schemes[i % len(schemes)]
        right = zone(spell(last)) + "|" + zone(spell(first))
        left = f"{last}|{first}"
        if patronymics and i // len(schemes) % 3 == 0:
            left += f"|{middle}"
        elif i // len(schemes) % 3 == 1:
            left = f"{first}|{last}"
        pair(left, right, issuer, f"{origin} {name}".strip())


ru = [(s.name, s.translate) for s in (iuliia.ICAO_DOC_9303, iuliia.GOST_52535, iuliia.MVD_310, iuliia.MVD_782, iuliia.WIKIPEDIA)]
cyrillic("ru_RU", "RUS", 1000, ru, "iuliia", patronymics=True)
ru2 = [(n, lambda t, n=n: translit(t, getattr(translitua, n))) for n in ("RussianICAO", "RussianGOST2006", "RussianInternationalPassport1997Reduced")]
cyrillic("ru_RU", "", 150, ru2, "translitua", patronymics=True)
cyrillic("uk_UA", "UKR", 400, [("UkrainianKMU", lambda t: translit(t, translitua.UkrainianKMU))], "translitua")
cyrillic("bg_BG", "BGR", 100, [("bg", lambda t: national(t, "bg", reversed=True))], "transliterate")
cyrillic("ka_GE", "GEO", 100, [("anyascii", anyascii)], "anyascii")

# Latin letters with marks: both halves by another package
LATIN = [("de_DE", "D"), ("tr_TR", "TUR"), ("pl_PL", "POL"), ("sv_SE", "SWE"), ("no_NO", "NOR"), ("es_ES", "ESP"),
         ("cs_CZ", "CZE"), ("hu_HU", "HUN"), ("lt_LT", "LTU"), ("lv_LV", "LVA"), ("is_IS", "ISL"), ("fr_FR", "FRA"),
         ("pt_BR", "BRA"), ("ro_RO", "ROU"), ("hr_HR", "HRV"), ("et_EE", "EST"), ("fi_FI", "FIN"), ("sk_SK", "SVK")]
by_mrz = lambda text: "".join(doc_9303.get(c, c) for c in text.upper().replace("ß", "ẞ").replace("ẞ", "SS"))
for locale, state in LATIN:
    marked = (p for p in people(locale, 400) if not (p[0] + p[1]).isascii())
    for i, (last, first, _) in enumerate(islice(marked, 45)):
        origin, spell = [("mrz latin_based", by_mrz), ("Unidecode", unidecode)][i % 2]
        left = f"{first}|{last}" if i % 3 == 0 else f"{last}|{first}"
        # letters that the package does not have stay as they are: no spelling
        if not spell(last + first).isascii():
            continue
        # one table for all states writes what a passport of this one does not
        other = {"Unidecode": ("D", "SWE", "NOR", "FIN"), "mrz latin_based": ("TUR",)}[origin]
        is_unlike = state in other and set((last + first).upper()) & set("ÄÖÜÅØ")
        pair(left, zone(spell(last)) + "|" + zone(spell(first)), "" if is_unlike else state, origin)

# Chinese names: pinyin as in passports, Russian by pypinyin's table
for i, (last, first, _) in enumerate(people("zh_CN", 150)):
    russian = lambda t: "".join(lazy_pinyin(t, style=Style.CYRILLIC)).translate(str.maketrans("", "", "1234"))
    latin = lambda t: "".join(lazy_pinyin(t)).replace("ü", "yu").replace("lv", "lyu").replace("nv", "nyu")
    pair(f"{russian(last)}|{russian(first)}".title(), zone(latin(last)) + "|" + zone(latin(first)), "CHN", "pypinyin CYRILLIC")

# strangers: the zone of the second person beside the form of the first
icao = iuliia.ICAO_DOC_9303.translate


def stranger(left, right, issuer, origin):
    if left != right:
        strangers.append((left, zone(right) if right.isascii() else right, issuer, origin))


def one_apart(a, b):
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b)) == 1
    short, long = sorted((a, b), key=len)
    return any(long[:i] + long[i + 1:] == short for i in range(len(long)))


def near(names):
    names = sorted({name for name in names if " " not in name and "-" not in name})
    return [(a, b) for a in names for b in names if a != b and one_apart(a.lower().replace("ё", "е"), b.lower().replace("ё", "е"))]


one = faker("ru_RU")
first_names = [one.first_name_male() for _ in range(4000)] + [one.first_name_female() for _ in range(4000)]
last_names = [one.last_name_male() for _ in range(6000)] + [one.last_name_female() for _ in range(6000)]
firsts, lasts = near(first_names), near(last_names)
rng.shuffle(firsts)
rng.shuffle(lasts)
for a, b in firsts[:160]:
    if icao(a) != icao(b):
        stranger(f"Соколов|{a}", f"SOKOLOV|{icao(b)}", "RUS", "Faker ru_RU given names one letter apart")
for a, b in lasts[:200]:
    if icao(a) != icao(b):
        stranger(f"{a}|Юлия", f"{icao(b)}|IULIIA", "RUS", "Faker ru_RU surnames one letter apart")
# siblings, and father and child
for i, (last, first, middle) in enumerate(people("ru_RU", 120, patronymics=True)):
    other = rng.choice(first_names[:4000] if i % 2 == 0 else first_names[4000:])
    if icao(other) != icao(first):
        stranger(f"{last}|{first}|{middle}", f"{icao(last)}|{icao(other)}", "RUS", "Faker ru_RU siblings")
for locale, state in (("de_DE", "D"), ("es_ES", "ESP"), ("tr_TR", "TUR"), ("pl_PL", "POL"), ("en_US", "USA"), ("en_IN", "IND")):
    one = faker(locale)
    given = near(unidecode(one.first_name()) for _ in range(3000))
    rng.shuffle(given)
    for a, b in given[:25]:
        stranger(f"Schmidt|{a}", f"SCHMIDT|{b}", state, f"Faker {locale} given names one letter apart")
    for last, first, _ in islice(people(locale, 15), 15):
        other = unidecode(one.first_name())
        if unidecode(first).upper() != other.upper():
            stranger(f"{last}|{first}", f"{unidecode(last)}|{other}", state, f"Faker {locale} siblings")
kmu = lambda t: translit(t, translitua.UkrainianKMU)
one = faker("uk_UA")
given = near(one.first_name() for _ in range(4000))
rng.shuffle(given)
for a, b in given[:60]:
    if kmu(a) != kmu(b):
        stranger(f"Бондаренко|{a}", f"BONDARENKO|{kmu(b)}", "UKR", "Faker uk_UA given names one letter apart")

# pairs of names of which one is easily taken for the other
TWO_NAMES = """
Иван Ивана|Иван Иванна|Юлия Юлиан|Юлия Юлиана|Александр Александра|Олег Елена|Олег Ольга|Евгений Евгения|Валерий Валерия|
Виктор Виктория|Роман Романа|Максим Максимилиан|Антон Антонина|Павел Павла|Михаил Михайлина|Даниил Даниэла|Марина Мария|
Марина Марианна|Мария Маргарита|Анна Анастасия|Анна Инна|Инна Нина|Нина Ника|Алина Алла|Алла Элла|Лиля Лия|Лидия Лилия|
Кирилл Кира|Станислав Станислава|Ярослав Ярослава|Вячеслав Ячеслав|Владислав Владимир|Вадим Владимир|Игорь Егор|Егор Георгий|
Тимур Тимофей|Артём Артур|Артур Артурас|Алексей Александр|Сергей Сергий|Семён Симон|Степан Стефан|Фёдор Федот|Илья Юлия|
Яна Янина|Ян Иван|Глеб Олег|Лев Леон|Леонид Леон|Дарья Дария|Наталья Наталия|Софья София|Марья Мария|Данила Даниил|Никита Ника|
Нурлан Нурали|Айгуль Айгерим|Динара Диана|Арман Арманд|Асель Асия|Руслан Рустам|Рустам Рустем|Самат Самад|Данияр Дания
"""
for row in TWO_NAMES.replace("\n", "").split("|"):
    a, b = row.split()
    for left, right in ((a, b), (b, a)):
        if icao(left) != icao(right):
            stranger(f"Ахметов|{left}", f"AKHMETOV|{icao(right)}", "RUS", "written: two names")
LATIN_TWO = """
Chen Cheng|Wang Huang|Lin Ling|Jin Jing|Wei Wen|Zhang Zhan|Li Lin|Xin Xing|Jan Jana|Marina Martina|Ivan Ivanna|Oleg Olena|
Julia Julian|Daniel Daniela|Gabriel Gabriela|Michael Michaela|Andrea Andreas|Simon Simona|Martin Martina|Ali Alia|Omar Omair|
Hasan Husan|Hassan Hussain|Karim Karima|Amir Amira|Said Saida|Emil Emilia|Mari Maria|Anna Hanna|Erik Erika|Ana Anna|Eva Ava|
Nina Nino|Nikola Nikolai|Ayse Aysel|Mehmet Ahmet|Ahmed Hamed|Fatma Fatima|Ravi Raji|Anil Amil|Sunil Sushil|Priya Priti
"""
for row in LATIN_TWO.replace("\n", "").split("|"):
    a, b = row.split()
    for left, right in ((a, b), (b, a)):
        stranger(f"Novak|{left}", f"NOVAK|{right}", "", "written: two names")
        stranger(f"{left}|Maria", f"{right}|MARIA", "", "written: two names")

# Chinese and Korean given names of two syllables: the other order, and one other syllable
def syllables(locale, count):
    """Surname and two syllables of a given name in Latin letters."""
    made = ((anyascii(last), [anyascii(c) for c in first]) for last, first, _ in people(locale, count))
    return [(last.capitalize(), [part.capitalize() for part in parts]) for last, parts in made if len(parts) == 2]


for locale, state in (("zh_CN", "CHN"), ("ko_KR", "KOR")):
    named = syllables(locale, 120)
    for i, (last, (a, b)) in enumerate(named):
        other = named[i - 1][1]
        # without apostrophes: Ji and En are Jien
        if a != b:
            right = f"{b}{a}" if i % 2 == 0 else f"{b} {a}"
            stranger(f"{last}|{a} {b}", f"{last}|{right}", state, f"Faker {locale} syllables in another order")
        if other[1] != b:
            stranger(f"{last}|{a}{b.lower()}", f"{last}|{a}{other[1]}", state, f"Faker {locale} siblings")

# a letter beyond the border of surname and given names
for locale, state in (("zh_CN", "CHN"), ("vi_VN", "VNM"), ("en_US", "USA"), ("de_DE", "D")):
    for last, first, _ in islice(people(locale, 25), 25):
        last, first = anyascii(last), anyascii(first)
        stranger(f"{last}|{first}", f"{last}{first[0]}|{first[1:]}" if len(first) > 2 else f"{last[:-1]}|{last[-1]}{first}", state, f"Faker {locale} another border")

# two surnames in another order: that of the father's mother
one = faker("es_ES")
for last, first, _ in islice((p for p in people("es_ES", 400) if " " not in p[0]), 60):
    other = unidecode(one.last_name())
    if other != unidecode(last):
        stranger(f"{unidecode(last)} {other}|{first}", f"{other} {unidecode(last)}|{unidecode(first)}", "ESP", "Faker es_ES surnames in another order")

# syllables of Chinese that Russian tells apart by a soft sign, and Russian words that look like them
SYLLABLES = """
Дан DAN DANG|Тан TAN TANG|Ван WAN WANG|Чан CHAN CHANG|Чжан ZHAN ZHANG|Ян YAN YANG|Лян LIAN LIANG|Чэн CHEN CHENG|Фэн FEN FENG|
Шэн SHEN SHENG|Лин LIN LING|Мин MIN MING|Цзин JIN JING|Сун SUN SONG|Дун DUN DONG|Лун LUN LONG|Хун HUN HONG|Цзян JIAN JIANG
"""
for row in SYLLABLES.replace("\n", "").split("|"):
    russian, without, nasal = row.split()
    stranger(f"{russian}|Вэй", f"{without}|WEI", "CHN", "written: Palladius")
    for state in ("D", "KAZ", "USA"):
        stranger(f"{russian}|Иван", f"{nasal}|IVAN", state, "written: no Palladius")
        stranger(f"{russian}|Анна", f"{nasal}|ANNA", state, "written: no Palladius")

for path, rows, what in (
    ("same.tsv", same, "One person, written in two ways: must be equal or equivalent."),
    ("strangers.tsv", strangers, "Two people: must not be equal or equivalent."),
):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# {what} Made by make.py. Columns: form, zone, issuing state, origin.\n")
        for row in dict.fromkeys(rows):
            file.write("\t".join(row) + "\n")
    print(path, len(dict.fromkeys(rows)))
