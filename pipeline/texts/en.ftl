# English. Each reason code has two sentences: `.applicant` says what to do,
# `.staff` says what was seen with its numbers. Neither decides anything.

## Reasons: the file

file-empty =
    .applicant = The file is empty. Please upload it again.
    .staff = The file has no bytes, so nothing could be examined.
file-too-large =
    .applicant = The file is too large ({ MEBIBYTES($bytes) } MiB). Please upload one of at most { MEBIBYTES($limit) } MiB.
    .staff = The file has { MEBIBYTES($bytes) } MiB; at most { MEBIBYTES($limit) } MiB are examined.
file-type-unsupported =
    .applicant = A file of this type cannot be read. Please upload one of these types: { $accepted }.
    .staff = The content is { $detected }; accepted types are { $accepted }.
file-type-mismatch =
    .applicant = There is nothing for you to do: the file was labelled as another type than it has.
    .staff = Declared as { $declared }, and the content is { $detected }. It was examined as what it is.
file-corrupt =
    .applicant = The file is damaged and cannot be opened. Please save or scan it again and upload the new file.
    .staff = The file is broken inside: no page can be decoded.
file-truncated =
    .applicant = The file is incomplete; the upload may have been interrupted. Please upload it again.
    .staff = The file ends before its content does.
file-encrypted =
    .applicant = The file is protected with a password. Please upload it without one.
    .staff = Opening the file needs a password; nothing inside was examined.
file-too-many-pages =
    .applicant = The file has { $pages } pages; at most { $limit } are possible. Please upload only the pages that are asked for.
    .staff = The file has { $pages } pages; at most { $limit } are possible for this kind of document.
file-pages-not-examined =
    .applicant = There is nothing for you to do: a person will look at the later pages of the file.
    .staff = Of { $pages } pages only the first { $examined } were examined. Please look at the others yourself.
file-pixel-bomb =
    .applicant = The picture is far too large ({ $width } x { $height } pixels). Please upload a smaller one.
    .staff = The picture says that it has { $width } x { $height } pixels. It was not decoded: the limit of { $limit } pixels is exceeded.
file-unpack-bomb =
    .applicant = The file unpacks to far more data than a document has. Please save or scan it again.
    .staff = The file unpacks to more than { MEBIBYTES($limit) } MiB. It was not opened further.
file-active-content =
    .applicant = The PDF holds more than pages (for example a script or an attached file). A plain PDF or a picture is easier to check.
    .staff = The PDF holds active content: { $found }. It was not run; only the pages were examined.
file-page-unreadable =
    .applicant = Page { $page } of the file cannot be read. Please save or scan it again and upload the whole file.
    .staff = Page { $page } could not be decoded; the others could.
file-exhausts-time =
    .applicant = The file takes too long to open. Please save it in a simpler form, for example as a JPEG picture or a plain PDF.
    .staff = Examining the file took longer than { $seconds } seconds and was stopped.
file-exhausts-memory =
    .applicant = The file needs too much memory to open. Please save it in a simpler form, for example as a JPEG picture or a plain PDF.
    .staff = Examining the file needed more than { $mebibytes } MiB of memory and was stopped.
file-breaks-reader =
    .applicant = There is nothing for you to do yet: a person will look at your file.
    .staff = The examining process ended abnormally on this file. An operator should look at the file; the checks on it say nothing.
file-not-found =
    .applicant = There is nothing for you to do: your file has not reached the check yet.
    .staff = There is no file where the application says. The portal has to deliver it.
file-hash-mismatch =
    .applicant = There is nothing for you to do: the portal has to deliver your file again.
    .staff = The bytes are not those that the portal announced. The portal has to deliver the file again.

machine-check-unavailable =
    .applicant = There is nothing for you to do: a person will look at your file.
    .staff = The machine could not check this file ({ $failure }). Check it by hand; the operators have been told.

## Reasons: the kind of document

doc-kind-unknown =
    .applicant = There is nothing for you to do: the portal named the document in a way that the check does not know.
    .staff = The portal calls this document “{ $declared }”, which is none of the known kinds. Only the file itself was checked.
doc-kind-guessed =
    .applicant = There is nothing for you to do: a person will look at what kind of document this is.
    .staff = Nobody declared the kind; it was guessed from the name of the file: { $kind }.
doc-type-wrong =
    .applicant = You uploaded this as: { $declared }. It looks like: { $detected }. Please upload the right document.
    .staff = Uploaded as: { $declared }. It reads as: { $detected }.

## Reasons: the machine readable zone

mrz-not-found =
    .applicant = The two lines of letters and digits at the foot of the passport page were not found. Please upload the whole page, flat, in focus and without reflections.
    .staff = No machine readable zone was found. The passport has to be read by eye, or a better picture asked for.
mrz-unreadable =
    .applicant = The two lines at the foot of the passport page cannot be read. Please upload a picture that is sharp, evenly lit and without reflections.
    .staff = A machine readable zone is there, and its characters cannot be told. The passport has to be read by eye, or a better picture asked for.
mrz-length =
    .applicant = There is nothing for you to do yet: a person will read the two lines at the foot of your passport page.
    .staff = The lines of the zone have { $lengths } characters, which no format has. Please compare them with the picture.
mrz-check-number =
    .applicant = There is nothing for you to do yet: a person will read the number of your passport.
    .staff = The check digit of the document number does not hold. A misread character is far likelier than a false document: please compare the number with the picture.
mrz-check-birth =
    .applicant = There is nothing for you to do yet: a person will read the date of birth in your passport.
    .staff = The check digit of the date of birth does not hold. A misread character is far likelier than a false document: please compare the date with the picture.
mrz-check-expiry =
    .applicant = There is nothing for you to do yet: a person will read the date of expiry in your passport.
    .staff = The check digit of the date of expiry does not hold, so the date decides nothing. Please read it from the picture.
mrz-check-personal =
    .applicant = There is nothing for you to do yet: a person will read the personal number in your passport.
    .staff = The check digit of the personal number does not hold. Please compare the number with the picture.
mrz-check-composite =
    .applicant = There is nothing for you to do yet: a person will read the lines at the foot of your passport page.
    .staff = The composite check digit, which covers numbers and dates together, does not hold. Please compare the zone with the picture.
mrz-date-impossible =
    .applicant = There is nothing for you to do yet: a person will read the dates in your passport.
    .staff = No calendar has the date that was read as: { $field }. Please read it from the picture.
mrz-dates-implausible =
    .applicant = There is nothing for you to do yet: a person will read the dates in your passport.
    .staff = The dates that were read cannot belong to one person's document together. Please read them from the picture.
mrz-repaired =
    .applicant = There is nothing for you to do yet: a person will compare what was read with your passport.
    .staff = { $changed ->
        [one] One character was
       *[other] { $changed } characters were
    } altered until the check digits held (for example O to 0). Please compare the zone with the picture.
mrz-name-truncated =
    .applicant = There is nothing for you to do: your name is longer than the zone of the passport.
    .staff = The name fills its place to the last character and may be cut. That is usual for long names.
mrz-country-unknown =
    .applicant = There is nothing for you to do yet: a person will look at the country code in your passport.
    .staff = The state code “{ $state }” is not listed in ICAO Doc 9303. Please compare it with the picture.
mrz-several =
    .applicant = The file shows several passports. Please upload only your own, current one.
    .staff = The file holds { $zones } different zones; the one that was read best was taken. Please look whether it is the applicant's.
passport-type-wrong =
    .applicant = This is not a travel passport. Please upload the page of your passport with the photograph.
    .staff = The zone is that of a document of type “{ $document_type }”, not of a travel passport.

## Reasons: validity

exp-expired =
    .applicant = Your passport expired on { $expiry }, before the application of { $on }. Please apply with a new passport.
    .staff = Expired on { $expiry }, before the application of { $on }.
exp-not-enough-days =
    .applicant = Your passport is valid until { $expiry }. It must be valid until { $first_accepted } at least. Please apply with a new passport.
    .staff = Valid until { $expiry }: { $days ->
        [one] one day
       *[other] { $days } days
    } after the application of { $on }. The rule asks for more than { $more_than }; { $first_accepted } would be the first accepted date.
exp-boundary-180 =
    .applicant = Your passport is valid until { $expiry }, one day too short. It must be valid until { $first_accepted } at least. Please apply with a new passport.
    .staff = Valid until { $expiry }: exactly { $days } days after the application of { $on }. The rule asks for more than { $days }. One day short: { $first_accepted } would be the first accepted date.
exp-close =
    .applicant = Your passport is valid for long enough by a few days. If you apply again later, it may no longer be.
    .staff = Valid for { $days } days, and more than { $more_than } are asked for. An application made a few days later may fall below.
exp-date-unreadable =
    .applicant = The date of expiry of your passport cannot be read. Please upload a sharp picture of the whole page.
    .staff = The date of expiry could not be read surely, so the rule was not decided. Please read it from the picture.
exp-sources-disagree =
    .applicant = There is nothing for you to do yet: a person will look at the dates in your passport.
    .staff = The date of expiry in the machine readable zone is not the one printed above it. Please look at both.
exp-far-ahead =
    .applicant = There is nothing for you to do yet: a person will read the date of expiry of your passport.
    .staff = The date of expiry, read with a year of two digits, would lie more than { $years_ahead } years ahead. Please read it from the picture.
exp-expired-while-waiting =
    .applicant = Your passport was valid for long enough when you applied, and it expired on { $expiry }. Please send the new one.
    .staff = Long enough on the day of application, and expired since, on { $expiry } (looked at on { $on }).
exp-reference-date-assumed =
    .applicant = There is nothing for you to do: the day of your application was taken from the day on which it arrived.
    .staff = The portal gave no moment of acceptance; the day of receipt, { $date }, was taken as the day of application. Days are counted from it.
exp-no-expiry-printed =
    .applicant = Your passport shows no date of expiry in its lines. A person will look at it.
    .staff = The zone says that no date of expiry is printed. Please look for one, or for an extension stamp, in the passport.

## Reasons: individual identification number

iin-missing =
    .applicant = The individual identification number (IIN) is missing in the form. Please add it.
    .staff = The form holds no individual identification number (IIN).
iin-format =
    .applicant = The individual identification number (IIN) must have twelve digits. Please correct it.
    .staff = What was typed as IIN is not twelve digits, or is all zero.
iin-checksum =
    .applicant = The individual identification number (IIN) has a typing error. Please compare it with your document and correct it.
    .staff = The check digit of the IIN does not hold: a digit was mistyped.
iin-unusable =
    .applicant = The individual identification number (IIN) cannot exist. Please compare it with your document and correct it.
    .staff = Both passes of the check digit give 10: such numbers are never issued.
iin-date-impossible =
    .applicant = The individual identification number (IIN) does not begin with a date of birth. Please compare it with your document and correct it.
    .staff = The first six digits of the IIN are no calendar date.
iin-century-invalid =
    .applicant = The seventh digit of your individual identification number (IIN) is unusual. Please compare it with your document.
    .staff = The seventh digit of the IIN is { $digit }; a person's is one of 1 to 6. Please look at the document that gives the number.
iin-is-bin =
    .applicant = This looks like the number of a company (BIN). Please give your own individual identification number (IIN).
    .staff = The number is built like a business identification number (BIN), not like a person's.
iin-birth-mismatch =
    .applicant = The date of birth in your individual identification number (IIN) is not that of your { $source }. Please compare both and correct what is wrong.
    .staff = The date of birth in the IIN is not that of the { $source }. An IIN never changes, while passports are corrected: please look at both.
iin-sex-mismatch =
    .applicant = The sex in your individual identification number (IIN) is not that of your { $source }. Please compare both and correct what is wrong.
    .staff = The sex in the IIN is not that of the { $source }. Please look at both.

## Reasons: the form against the passport

xchk-birth =
    .applicant = The date of birth in the form is not that in your passport. Please correct the form, or tell us why they differ.
    .staff = Form and passport give different dates of birth. Please compare with the picture.
xchk-sex =
    .applicant = The sex in the form is not that in your passport. Please correct the form, or tell us why they differ.
    .staff = Form and passport give different sexes. Please compare with the picture.
xchk-surname =
    .applicant = The surname in the form is not written as in your passport. Please write it letter by letter as in the two lines at the foot of the page.
    .staff = Form and passport give different surnames. Spellings in Latin letters vary: please compare with the picture.
xchk-given =
    .applicant = The given names in the form are not written as in your passport. Please write them letter by letter as in the two lines at the foot of the page.
    .staff = Form and passport give different given names. Spellings in Latin letters vary, and a patronymic may stand on one side only: please compare with the picture.
xchk-nationality =
    .applicant = The nationality in your passport is none of the citizenships in the form. Please correct the form, or tell us why they differ.
    .staff = The passport's nationality is none of the citizenships that the form gives.
xchk-visual =
    .applicant = There is nothing for you to do yet: a person will look at your passport.
    .staff = The machine readable zone and the text printed above it differ: { $field }. Please look at both.
xchk-not-possible =
    .applicant = There is nothing for you to do yet: a person will compare the form with your passport.
    .staff = Form and passport could not be compared, because one of them was not read surely: { $field }. Please compare by eye.

## Reasons: the portrait

photo-ratio =
    .applicant = The photograph does not have the shape of 35 x 45 mm (width to height { $ratio }, allowed { $low } to { $high }). Please crop it to 7 : 9.
    .staff = Width to height is { $ratio }; beyond { $low } to { $high } it is not a 35 x 45 mm print.
photo-ratio-near =
    .applicant = The photograph nearly has the shape of 35 x 45 mm (width to height { $ratio }, best { $low } to { $high }). Cropping it to 7 : 9 avoids questions.
    .staff = Width to height is { $ratio }, just outside { $low } to { $high }: near a 35 x 45 mm print.
photo-too-small =
    .applicant = The photograph has { $width } x { $height } pixels. Please upload one of at least { $min_width } x { $min_height } pixels; do not enlarge the small one.
    .staff = The photograph has { $width } x { $height } pixels; at least { $min_width } x { $min_height } are asked for.
photo-greyscale =
    .applicant = The photograph is black and white. Please upload one in colour.
    .staff = The photograph is grey, or grey saved as colour (colour measure { $colour }).
photo-no-face =
    .applicant = No face was found in the photograph. If it shows your face from the front, a person will look at it; otherwise please upload another.
    .staff = No face was found. Detectors miss some faces: please look at the photograph yourself.
photo-many-faces =
    .applicant = The photograph seems to show { $faces } faces. Please upload one that shows only you.
    .staff = { $faces } faces were found. Please look whether the others are real, for example a print on the clothes.
photo-head-large =
    .applicant = Your head is too large in the photograph ({ $mm } mm on the print, { $low } to { $high } mm are asked for). Please take it again from further back.
    .staff = The head is { $mm } mm high on a 35 x 45 mm print; { $low } to { $high } mm are asked for. Taken from further back it would fit.
photo-head-small =
    .applicant = Your head is too small in the photograph ({ $mm } mm on the print, { $low } to { $high } mm are asked for). Please take it again from closer, or crop it.
    .staff = The head is { $mm } mm high on a 35 x 45 mm print; { $low } to { $high } mm are asked for. Taken from closer, or cropped, it would fit.
photo-eye-line =
    .applicant = Your eyes are { $mm } mm above the lower edge of the photograph; { $low } to { $high } mm are asked for. Please crop it again.
    .staff = The eyes are { $mm } mm above the lower edge of a 35 x 45 mm print; { $low } to { $high } mm are asked for.
photo-not-measured =
    .applicant = There is nothing for you to do yet: a person will look at your photograph.
    .staff = This could not be measured: { $measure }. Please look at the photograph yourself.
photo-faces-disagree =
    .applicant = There is nothing for you to do yet: a person will look at your photograph.
    .staff = Two ways of finding faces do not agree here; one of them found { $faces }. Please count the faces yourself.
photo-sideways =
    .applicant = The photograph does not stand upright. Please turn it before you upload it.
    .staff = The photograph must be turned by { $degrees }° clockwise to stand upright. It was measured upright.
photo-off-centre =
    .applicant = Your face is not in the middle of the photograph. Please crop it again, with as much room on the left as on the right.
    .staff = The eyes' middle lies at { $value } of the width; { $low } to { $high } is asked for. A new crop would fit.
photo-tilt =
    .applicant = Your head leans to one side by { $value }° in the photograph. Please hold it straight, or straighten the picture.
    .staff = The line of the eyes leans by { $value }°; { $low }° to { $high }° is asked for.
photo-turned =
    .applicant = Your face is turned aside, up or down in the photograph. Please look straight into the camera.
    .staff = The { $measure } is about { $value }°, { $low }° to { $high }° is asked for; this measure is a rough one.
photo-eyes-closed =
    .applicant = Your eyes seem to be closed in the photograph. If they are open, a person will see that; otherwise please take it again.
    .staff = The eyes are open with a probability of { $value }. Narrow eyes are easily mistaken for closed ones: please look yourself.
photo-mouth-open =
    .applicant = Your mouth seems to be open in the photograph. Please take it again with the mouth closed.
    .staff = The mouth is closed with a probability of { $value }.
photo-glasses-tinted =
    .applicant = Something seems to hide your eyes, such as dark glasses. Please take the photograph again with both eyes seen clearly.
    .staff = A dark lens, or something else without contrast, hides an eye with a probability of { $value }.
photo-glasses-glare =
    .applicant = A light is mirrored in your glasses. Please take the photograph again without that, or without glasses.
    .staff = { $value } of what is seen through the lenses is burnt out; at most { $high } is asked for.
photo-red-eyes =
    .applicant = Your pupils are red from the flash. Please take the photograph again without flash.
    .staff = A pupil is red with a probability of { $value }.
photo-background =
    .applicant = The background of the photograph is not plain and light enough. Please stand before a plain, light wall without shadows.
    .staff = The background is not as asked for: { $measure } is { $value }.
photo-light =
    .applicant = The light on your face is uneven, too strong or too weak. Please take the photograph again facing a window or a wide lamp.
    .staff = The light is not as asked for: { $measure } is { $value }.
photo-colour-cast =
    .applicant = The colours of the photograph are not natural. Please take it again in daylight.
    .staff = The skin's colour is { $value } units (CIELAB) away from that of skin in daylight; at most { $high } is allowed.
photo-blurred =
    .applicant = The photograph is not sharp. Please take it again with a steady camera.
    .staff = The sharpness is { $value }; at least { $low } is asked for.
photo-upscaled =
    .applicant = The photograph seems to be a small one that was enlarged. Please upload the original.
    .staff = The picture was enlarged with a probability of { $value }.
photo-face-few-pixels =
    .applicant = There are too few pixels in your face. Please upload the original of the photograph, or take it from closer.
    .staff = The eyes are { $value } pixels apart; at least { $low } are asked for.
photo-compressed =
    .applicant = The photograph was saved with too little quality. Please upload the original.
    .staff = The JPEG's quality is { $value } of 100; at least { $low } is asked for.
photo-head-cut =
    .applicant = The top of your head is cut off, or touches the edge of the photograph. Please take it again with room above your head.
    .staff = There is { $value } mm of room above the hair, at least { $low } mm is asked for: the top of the head is cut off or touches the edge.
photo-border =
    .applicant = The photograph has a frame around it. Please crop it off.
    .staff = A frame of one colour takes { $value } of the shorter side.
photo-marks =
    .applicant = There is something on the background of the photograph, such as print or a stamp. Please upload one without it.
    .staff = Things that belong neither to the person nor to the backdrop cover { $value } of the background.
photo-old-exif =
    .applicant = By its camera's date the photograph was taken on { $taken }. It must not be older than { $months } months.
    .staff = The camera's date is { $taken }, more than { $months } months before the application. A camera's clock may be wrong.
photo-crop-fits =
    .applicant = Cropping the photograph as the second picture shows would put this right: your head would then be { $mm } mm high.
    .staff = Cropping alone would put this right: on the second picture the head is { $mm } mm high.

## Reasons: the set of documents

set-missing =
    .applicant = A document is missing. Please upload: { $kind }.
    .staff = A document that the stage asks for is not there: { $kind }.
set-missing-recommended =
    .applicant = You may also upload: { $kind }. It is not required.
    .staff = Not there, and not required: { $kind }.
set-unexpected =
    .applicant = This stage does not ask for: { $kind }. You need not do anything.
    .staff = The stage does not ask for this document: { $kind }.
set-several =
    .applicant = You uploaded { $count } documents of one kind: { $kind }. Please tell us which one counts.
    .staff = There are { $count } documents of a kind that is asked for once: { $kind }. Please look which one counts.
set-unreadable =
    .applicant = The document could not be opened. Please upload it again: { $kind }.
    .staff = The document is there and could not be opened: { $kind }.

## Reasons: the check itself

sys-programme-to-confirm =
    .applicant = There is nothing for you to do.
    .staff = The rules were taken from “{ $programme }”, whose legal text has yet to be confirmed.
sys-reader-missing =
    .applicant = There is nothing for you to do.
    .staff = The printed text was not compared with the machine readable zone: { $reader } is not installed where documents are examined.
sys-programme-unknown =
    .applicant = There is nothing for you to do.
    .staff = No rule set covers { $date }; the nearest in time was taken. Please check which rules hold.

## Statuses and outcomes

status-error = Technical fault
status-fail = Rule not met
status-unsure = Cannot tell
status-not-run = Not run
status-warn = Please look
status-pass = Met
status-not-applicable = Does not apply

outcome-error = Something that is required could not be checked for a technical reason.
outcome-fail = At least one required rule is not met, as far as can be read.
outcome-unsure = Something that is required could not be read or decided.
outcome-not-run = Nothing has been checked yet.
outcome-warn = Nothing that is required stands against the rules; something is worth a look.
outcome-pass = No check found anything to look at.
outcome-not-applicable = There was nothing to check.

advice-none = Nothing is open on the machine's side.
advice-look = Please look at what is named below.
advice-ask-applicant = The applicant can put right what is named below.
advice-wait-retry = Wait, or have it tried again: the fault is not the applicant's.

fixable-applicant = the applicant
fixable-reviewer = you, by looking
fixable-operator = the operators of the check
fixable-portal = the portal
fixable-nobody = nobody has to

## Names of checks

check-application-date = Day of application
check-application-programme = Rule set
check-set = Set of documents: { $kind }
check-document-kind = Kind of document
check-file-integrity = File as announced
check-file-opens = Opening the file
check-file-type = Type of file
check-file-arrives = Arrival of the file
check-passport-zone = Machine readable zone
check-passport-check-digits = Check digits
check-passport-dates = Dates of the passport together
check-passport-visual = Zone and printed text
check-passport-document = Type of travel document
check-passport-validity = Validity on the day of application
check-passport-still-valid = Validity today
check-portrait-face = Number of faces
check-portrait-ratio = Width to height
check-portrait-size = Size in pixels
check-portrait-colour = Colour
check-portrait-head-height = Height of the head
check-portrait-eye-line = Height of the eyes
check-portrait-upright = Way up
check-portrait-age = Age by the camera's date
check-form = { $field }: form and passport
check-iin-structure = IIN: structure and check digit
check-iin-birth-date = IIN: date of birth
check-iin-sex = IIN: sex

## Kinds, fields, sources, measures, types of files

kind-passport = passport
kind-passport-translation = translation of the passport
kind-portrait = portrait photograph
kind-police-clearance = police clearance
kind-petition = petition of the ministry
kind-questionnaire = questionnaire
kind-cv = CV
kind-portfolio = portfolio
kind-motivation-letter = motivation letter
kind-diploma = diploma
kind-other = other document

field-document-type = type of document
field-issuing-state = issuing state
field-document-number = document number
field-surname = surname
field-given-names = given names
field-nationality = nationality
field-date-of-birth = date of birth
field-sex = sex
field-date-of-expiry = date of expiry
field-personal-number = personal number
field-date-of-issue = date of issue
field-iin = IIN as typed

source-mrz = machine readable zone
source-visual = printed text
source-form = form
source-translation = translation
source-petition = petition
source-police-clearance = police clearance
source-exif = camera data
source-iin = IIN
source-passport = passport

measure-aspect-ratio = width to height
measure-width-px = width in pixels
measure-height-px = height in pixels
measure-colour = colour
measure-head-height-hair-mm = height of the head with hair
measure-head-height-skull-mm = height of the head
measure-eye-line-mm = height of the eyes
measure-print-height-mm = height at the declared resolution
measure-faces = number of faces
measure-second-opinion = agreement of the second detector
measure-single-face-present = one face only
measure-head-height-hair-share = head with hair, share of the height
measure-head-height-skull-share = head, share of the height
measure-head-width-share = width of the head, share of the width
measure-head-size = eyes to chin over the height
measure-eye-centre-share = middle of the eyes, share of the width
measure-inter-eye-distance = distance of the eyes
measure-inter-eye-mm = distance of the eyes on the print
measure-head-height-hair-estimate-mm = height of the head with hair, estimated
measure-head-height-hair-estimate-share = head with hair, estimated, share of the height
measure-eye-contrast = contrast within the eyes
measure-colour-face = colour of the face
measure-hair-margin-mm = room above the hair
measure-leftward-crop = room to the left
measure-rightward-crop = room to the right
measure-margin-above = room above the eyes
measure-margin-below = room below the eyes
measure-roll-deg = tilt of the head
measure-yaw-deg = turn of the head aside
measure-pitch-deg = turn of the head up or down
measure-head-pose-roll = tilt of the whole face
measure-head-pose-yaw = turn of the whole face aside
measure-head-pose-pitch = turn of the whole face up or down
measure-illumination-uniformity = likeness of both cheeks' light
measure-illumination-evenness = evenness of the light
measure-luminance-mean = mean luminance of the face
measure-luminance-variance = variance of the face's luminance
measure-under-exposure = share of the face that is black
measure-over-exposure = share of the face that is burnt out
measure-dynamic-range = range of luminance
measure-hot-spots = share of the face in hot spots
measure-natural-colour = distance from natural skin colours
measure-skin-lightness = lightness of the cheeks
measure-background-plain = plainness of the edges
measure-background-uniformity = unevenness of the background
measure-background-lightness = lightness of the background
measure-background-chroma = colourfulness of the background
measure-background-shadow = shadow on the background
measure-sharpness = sharpness
measure-motion-blur = motion blur
measure-noise = noise
measure-compression-artifacts = traces of compression
measure-jpeg-quality = JPEG quality
measure-upscaled = probability of enlargement
measure-eyes-open = probability of open eyes
measure-eye-opening = opening of the eyes
measure-mouth-closed = probability of a closed mouth
measure-mouth-opening = opening of the mouth
measure-gaze = direction of the gaze
measure-red-eye = probability of red pupils
measure-glasses = probability of glasses
measure-tinted-glasses = probability of tinted glasses
measure-glasses-glare = glare on glasses
measure-border = frame around the picture
measure-marks-on-background = things on the background

media-image-jpeg = JPEG
media-image-png = PNG
media-image-webp = WebP
media-image-gif = GIF
media-image-bmp = BMP
media-image-tiff = TIFF
media-image-heic = HEIC
media-application-pdf = PDF

agreement-equal = the same
agreement-equivalent = the same once case, marks and separators are set aside
agreement-equivalent-truncated = the same as far as the zone has room
agreement-different = different
agreement-unreadable = could not be compared

basis-zone = rests on the zone alone; its check digits hold
basis-zone-visual = zone and printed text agree
confidence-high = high ({ $number })
confidence-medium = medium ({ $number })
confidence-low = low ({ $number })

## Dates and lists

date = { $day } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
instant = { $date }, { $time } UTC
yes = yes
no = no

## The report

report-title = Application { $id }
report-advice-only = Machine check. Advice only: you decide.
report-skip = Skip to what needs your eyes
report-masked = Personal data is masked. A copy without masks can be made on request.
report-unmasked = Personal data is shown in full. Handle this page as you would the passport itself.
report-summary = At a glance
report-outcome = Outcome
report-next = Next step
report-due = Review due
report-due-left = { $days ->
        [0] today
        [one] in one day
       *[other] in { $days } days
    }
report-due-over = { $days ->
        [one] overdue by one day
       *[other] overdue by { $days } days
    }
report-due-safe = To be safe however the first day is counted: { $date }.
report-applied = Day of application
report-applied-assumed = taken from the day of receipt
report-looked = Looked at on
report-expires = Runs out next
report-expires-none = nothing that could be read surely
report-rules = Rule set
report-rules-confirm = The legal text has yet to be confirmed.
report-rules-nearest = It does not cover the day of application; it is the nearest in time.
report-incomplete = { $waiting ->
        [one] One of { $all } documents has yet to be examined; this page will be replaced.
       *[other] { $waiting } of { $all } documents have yet to be examined; this page will be replaced.
    }

report-eyes = Needs your eyes
report-eyes-none = No check found anything. What was checked, and what was only opened, is listed below.
report-eyes-count = { $count ->
        [one] One finding, with its number, its picture and its source.
       *[other] { $count } findings, the gravest first, each with its number, its picture and its source.
    }
report-whole = whole application
report-asked = Asked for
report-seen = Seen
report-margin = Margin
report-margin-short = { $number } short
report-margin-spare = { $number } to spare
report-confidence = Confidence
report-fixable = Who can put it right
report-retry = It may come out differently when tried again.
report-optional = advisory: the outcome does not rest on it
report-tell = For the applicant
report-waiting = Waits for this
report-not-run = Not run: it needs “{ $check }” first.
report-not-arrived = Not examined yet: the file has not come.
report-not-run-alone = Not run: there was nothing to compare it with.
report-rule = Rule { $id }, in force from { $from }
report-rule-until = Rule { $id }, in force from { $from } to { $to }
report-parameters = Numbers: { $list }
report-source = Source: { $source }
report-codes = Codes: { $list }

report-documents = Documents
report-documents-caption = Documents of the application
report-document = Document
report-required = Required
report-not-required = Not required
report-result = Result
report-pages = Pages
report-pages-examined = { $examined } of { $pages } examined
report-type = Type
report-size = Size
report-size-kib = { $number } KiB
report-size-mib = { $number } MiB
report-sha = SHA-256 begins
report-file = File
report-not-yet = not examined yet
report-file-only = only the file was checked; what it says was not read
report-portal-word = called “{ $word }” by the portal

report-fields = Fields side by side
report-fields-caption = What was read in: { $document }
report-fields-form = What the form says
report-field = Field
report-agreement = Agreement
report-agreement-pair = { $left } and { $right }: { $result }
report-agreement-iin = IIN: { $result }
report-no-value = no value
report-not-sure = not sure; { $confidence }
report-changed = { $changed ->
        [one] one character altered by repair
       *[other] { $changed } characters altered by repair
    }
report-alternatives = { $count ->
        [one] one other reading was possible
       *[other] { $count } other readings were possible
    }
report-raw = as read: { $raw }
report-begins = masked, begins with { $letter }
report-hidden = masked

report-measures = Measures of the portrait
report-measures-caption = Every measure of: { $document }
report-measure = Measure
report-measure-interval = { $value } ({ $low } to { $high })
report-quality = Quality by ISO/IEC 29794-5, 0 to 100
report-measure-source = Source of the range

report-passed = What passed or does not apply
report-passed-count = { $count ->
        [one] One check
       *[other] { $count } checks
    }
report-check = Check
report-note = Note
report-about = About

report-picture = Picture { $number }
report-picture-again = Shown in picture { $number }, above.
report-picture-zone = Machine readable zone
report-picture-visual = Printed text
report-picture-portrait = Portrait with the measured lines
report-picture-portrait-crop = Suggested crop of the portrait
report-picture-crop = Part of the page
report-picture-overlay = Part of the page with marks
report-picture-of = { $document }, page { $page }
report-picture-masked = names, numbers and date of birth are painted over
report-picture-withheld = { $name } is not shown here: there is no copy with personal data painted over.
report-picture-missing = { $name } is not in this page: its bytes did not come with the verdict.
report-picture-alt = { $what } of { $document }, page { $page }.
report-picture-alt-read = Read there: { $list }.
report-picture-alt-measured = Measured: { $list }.

report-made = How this was made
report-made-json = The same verdict for machines is the JSON beside this page; its digest is this one.
report-made-digest = Digest of the verdict
report-made-previous = Digest of the revision before
report-made-revision = Revision
report-made-produced = Produced at
report-made-worker = Produced by
report-made-versions = Versions
report-made-programme = Rule set file, SHA-256
report-made-tzdb = Time zone
report-made-tzdb-value = { $zone }, tz database { $release }
report-made-schema = Form of the verdict
report-made-timings = Timings
report-made-ms = { $step }: { $ms } ms
