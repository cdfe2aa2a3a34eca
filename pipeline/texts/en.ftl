# English. Each reason code has two sentences: `.applicant` says what to do,
# `.staff` says what was found, with numbers. Neither decides anything.

## Reasons: the file

file-empty =
    .applicant = The file is empty. Please upload it again.
    .staff = The file has no bytes, so nothing could be examined.
file-too-large =
    .applicant = The file is too large ({ MEBIBYTES($bytes) } MiB). Please upload a file of at most { MEBIBYTES($limit) } MiB.
    .staff = The file has { MEBIBYTES($bytes) } MiB; at most { MEBIBYTES($limit) } MiB are examined.
file-type-unsupported =
    .applicant = A file of this type cannot be read. Please upload a file of one of these types: { $accepted }.
    .staff = The content is { $detected }. Accepted types are { $accepted }.
file-type-mismatch =
    .applicant = You do not need to do anything: the declared type of the file is not its real type.
    .staff = Declared as { $declared }, but the content is { $detected }. The file was examined as { $detected }.
file-corrupt =
    .applicant = The file is damaged and cannot be opened. Please save or scan the document again and upload the new file.
    .staff = The file is damaged: no page can be decoded.
file-truncated =
    .applicant = The file is incomplete; the upload may have been interrupted. Please upload it again.
    .staff = The file ends too early: a part of its content is missing.
file-encrypted =
    .applicant = The file is protected with a password. Please upload it without a password.
    .staff = The file can be opened only with a password, so its content was not examined.
file-too-many-pages =
    .applicant = The file has { $pages } pages; at most { $limit } are possible. Please upload only the required pages.
    .staff = The file has { $pages } pages; at most { $limit } are possible for this kind of document.
file-pages-not-examined =
    .applicant = You do not need to do anything: a person will check the other pages of the file.
    .staff = The file has { $pages } pages, and only the first { $examined } were examined. Please check the other pages yourself.
file-pictures-not-examined =
    .applicant = You do not need to do anything: a person looks at the other pictures in the file.
    .staff = The file has { $pictures } pictures, such as the frames of an animation, and only one was examined. Please look at the others yourself.
file-preview-examined =
    .applicant = You do not need to do anything: the file is a raw picture of a camera, and the preview in it was looked at.
    .staff = The file is a raw picture of a camera, which cannot be shown. The preview stored in it was examined; it may have fewer pixels and other colours.
file-pixel-bomb =
    .applicant = The picture is far too large ({ $width } x { $height } pixels). Please upload a smaller picture.
    .staff = The picture declares { $width } x { $height } pixels, more than the limit of { $limit } pixels. It was not decoded.
file-unpack-bomb =
    .applicant = The file contains far more data than a document needs. Please save or scan the document again.
    .staff = The file unpacks to more than { MEBIBYTES($limit) } MiB. It was not opened completely.
file-active-content =
    .applicant = The PDF contains more than pages (for example a script or an attached file). A simple PDF or a picture is easier to check.
    .staff = The PDF contains active content: { $found }. It was not run; only the pages were examined.
file-form-not-drawn =
    .applicant = This PDF is a form that only Adobe Reader can show. Please print it to a new PDF there and upload that file.
    .staff = The PDF is an XFA form: its pages hold only a notice, and the form itself was not seen. Adobe Reader can show it.
file-letters-not-drawn =
    .applicant = The file does not contain all of its fonts, so letters are missing (pages: { $pages }). Please save it as a PDF with embedded fonts, or upload a scan.
    .staff = Letters of fonts that the file does not contain could not be drawn (pages: { $pages }). Other viewers may show them. These pages have no fingerprints.
file-page-unreadable =
    .applicant = Page { $page } of the file cannot be read. Please save or scan the document again and upload the whole file.
    .staff = Page { $page } could not be decoded.
file-text-unreadable =
    .applicant = You do not need to do anything: a person reads the pages of the file.
    .staff = The fonts on some pages ({ $pages }) do not say which characters their letters are, so the text of these pages is missing or wrong. Please read the pages yourself.
file-exhausts-time =
    .applicant = The file takes too long to open. Please save it in a simpler form, for example as a JPEG picture or a simple PDF.
    .staff = Examining the file took more than { $seconds } seconds of processor time, twice, and was stopped.
file-exhausts-memory =
    .applicant = The file needs too much memory to open. Please save it in a simpler form, for example as a JPEG picture or a simple PDF.
    .staff = Examining the file needed more than { $mebibytes } MiB of memory, twice, and was stopped.
file-breaks-reader =
    .applicant = You do not need to do anything now: a person will check your file.
    .staff = The examination of this file crashed twice, so its checks have no result. An operator should check the file.
file-not-found =
    .applicant = You do not need to do anything: your file has not arrived yet.
    .staff = There is no file at the place that the application names. The portal has to deliver it.
file-hash-mismatch =
    .applicant = You do not need to do anything: the portal has to deliver your file again.
    .staff = The content is not the content that the portal announced. The portal has to deliver the file again.

machine-check-unavailable =
    .applicant = You do not need to do anything: a person will check your file.
    .staff = The machine could not check this file ({ $failure }). Please check it yourself. The operators are informed.

## Reasons: the kind of document

doc-kind-unknown =
    .applicant = You do not need to do anything: the portal used a name for the document that the check does not know.
    .staff = The portal calls this document “{ $declared }”, which is not a known kind. Only the file itself was checked.
doc-kind-guessed =
    .applicant = You do not need to do anything: a person will check the kind of this document.
    .staff = The kind was not declared. It was guessed from the name of the file: { $kind }.
doc-not-read =
    .applicant = You do not need to do anything: a person reads this document ({ $kind }).
    .staff = Not read by machine, only opened: { $kind }. Please read it yourself.
doc-pages-not-read =
    .applicant = You do not need to do anything: a person looks at the other pages of the file.
    .staff = Nothing was read on these pages of the file: { $pages }. Please look at them yourself.
doc-type-wrong =
    .applicant = You uploaded this as: { $declared }. It looks like: { $detected }. Please upload the right document.
    .staff = Uploaded as: { $declared }. It looks like: { $detected }.

## Reasons: the machine readable zone

mrz-not-found =
    .applicant = The two lines of letters and digits at the bottom of the passport page were not found. Please upload a sharp picture of the whole page, flat and without reflections.
    .staff = No machine readable zone was found. Please read the passport yourself, or request a better picture.
mrz-unreadable =
    .applicant = The two lines at the bottom of the passport page cannot be read. Please upload a picture that is sharp, evenly lit and without reflections.
    .staff = The passport has a machine readable zone, but its characters cannot be read. Please read the passport yourself, or request a better picture.
mrz-covered =
    .applicant = Something covers a part of the two lines at the bottom of the passport page. Please upload a picture on which every character of both lines can be seen.
    .staff = A part of the machine readable zone is covered or painted over, so what it states there is not known. Please read the passport yourself, or request a better picture.
mrz-cut =
    .applicant = The two lines at the bottom of the passport page are cut off. Please upload a picture of the whole page with some space around it.
    .staff = The machine readable zone is cut off at the edge of the picture or of the paper, so what it states there is not known. Please request a picture of the whole page.
mrz-length =
    .applicant = You do not need to do anything now: a person will read the two lines at the bottom of your passport page.
    .staff = The lines of the zone have { $lengths } characters. No format has such lines. Please compare them with the picture.
mrz-check-number =
    .applicant = You do not need to do anything now: a person will read the number of your passport.
    .staff = The check digit of the document number is wrong. A reading error is far more likely than a false document: please compare the number with the picture.
mrz-check-birth =
    .applicant = You do not need to do anything now: a person will read the date of birth in your passport.
    .staff = The check digit of the date of birth is wrong. A reading error is far more likely than a false document: please compare the date with the picture.
mrz-check-expiry =
    .applicant = You do not need to do anything now: a person will read the date of expiry in your passport.
    .staff = The check digit of the date of expiry is wrong, so the date was not used. Please read it from the picture.
mrz-check-personal =
    .applicant = You do not need to do anything now: a person will read the personal number in your passport.
    .staff = The check digit of the personal number is wrong. Please compare the number with the picture.
mrz-check-composite =
    .applicant = You do not need to do anything now: a person will read the lines at the bottom of your passport page.
    .staff = The composite check digit, which covers numbers and dates together, is wrong. Please compare the zone with the picture.
mrz-date-impossible =
    .applicant = You do not need to do anything now: a person will read the dates in your passport.
    .staff = The date that was read does not exist: { $field }. Please read it from the picture.
mrz-dates-implausible =
    .applicant = You do not need to do anything now: a person will read the dates in your passport.
    .staff = The dates that were read do not fit together in one document. Please read them from the picture.
mrz-repaired =
    .applicant = You do not need to do anything now: a person will compare what was read with your passport.
    .staff = { $changed ->
        [one] One character was
       *[other] { $changed } characters were
    } changed so that the check digits are right (for example O to 0). Please compare the zone with the picture.
mrz-name-truncated =
    .applicant = You do not need to do anything: your name is longer than the space in the two lines of the passport.
    .staff = The name fills its space to the last character, so a part may be missing. This is usual for long names.
mrz-country-unknown =
    .applicant = You do not need to do anything now: a person will check the country code in your passport.
    .staff = The state code “{ $state }” is not listed in ICAO Doc 9303. Please compare it with the picture.
mrz-several =
    .applicant = The file shows several passports. Please upload only your own current passport.
    .staff = The file has { $zones } different zones. The zone with the best reading was used. Please check whether it is the applicant's zone.
passport-type-wrong =
    .applicant = This is not a travel passport. Please upload the page of your passport with the photograph.
    .staff = The zone belongs to a document of type “{ $document_type }”, not to a travel passport.

## Reasons: validity

exp-expired =
    .applicant = Your passport expired on { $expiry }, before the day of application, { $on }. Please apply with a new passport.
    .staff = Expired on { $expiry }, before the day of application, { $on }.
exp-not-enough-days =
    .applicant = Your passport is valid until { $expiry }. It must be valid until at least { $first_accepted }. Please apply with a new passport.
    .staff = Valid until { $expiry }: { $days ->
        [one] one day
       *[other] { $days } days
    } after the day of application, { $on }. The rule requires more than { $more_than } days. The first accepted date would be { $first_accepted }.
exp-boundary-180 =
    .applicant = Your passport is valid until { $expiry }. This is one day too short. It must be valid until at least { $first_accepted }. Please apply with a new passport.
    .staff = Valid until { $expiry }: exactly { $days } days after the day of application, { $on }. The rule requires more than { $days } days. One day is missing: the first accepted date would be { $first_accepted }.
exp-close =
    .applicant = Your passport is valid long enough, but only by a few days. If you apply again later, it may not be valid long enough.
    .staff = Valid for { $days } days; more than { $more_than } are required. An application a few days later may not meet the rule.
exp-date-unreadable =
    .applicant = The date of expiry of your passport cannot be read. Please upload a sharp picture of the whole page.
    .staff = The date of expiry could not be read with certainty, so the rule could not be checked. Please read the date from the picture.
exp-sources-disagree =
    .applicant = You do not need to do anything now: a person will check the dates in your passport.
    .staff = The date of expiry in the machine readable zone is not the date printed above it. Please compare both.
exp-far-ahead =
    .applicant = You do not need to do anything now: a person will read the date of expiry of your passport.
    .staff = The date of expiry has a year of two digits and would be more than { $years_ahead } years in the future. Please read it from the picture.
exp-expired-while-waiting =
    .applicant = Your passport expired on { $expiry }, after you applied. Please send the new passport.
    .staff = Not expired on the day of application, but since then, on { $expiry } (checked on { $on }).
exp-too-short-for-next-stage =
    .applicant = Your passport is valid until { $expiry }. A later step ({ $stage }) needs a passport that is valid for more than { $more_than } days on the day when you apply for it. Please get a new passport before that step.
    .staff = Valid until { $expiry }: { $days ->
        [one] one day
       *[other] { $days } days
    } after { $on }. No rule of this stage asks for more. A later stage ({ $stage }) requires more than { $more_than } days on its own day of application: the last possible day with this passport is { $last_day }.
exp-expired-no-rule =
    .applicant = Your passport expired on { $expiry }, before the day of application, { $on }. Please send the new passport.
    .staff = Expired on { $expiry }, before the day of application, { $on }. This stage has no rule on the validity of the passport: please decide what follows.
exp-reference-date-ahead =
    .applicant = You do not need to do anything.
    .staff = The portal states { $date } as the day of application, which is after the day of this check, { $on }. Please ask the portal.
exp-reference-date-assumed =
    .applicant = You do not need to do anything: the day on which your application arrived counts as the day of application.
    .staff = The portal did not send the time of acceptance. The day of receipt, { $date }, counts as the day of application.
exp-no-expiry-printed =
    .applicant = The two lines at the bottom of your passport page have no date of expiry. A person will check your passport.
    .staff = The zone has no date of expiry. Please look in the passport for a date of expiry or for an extension stamp.

## Reasons: individual identification number

iin-missing =
    .applicant = The individual identification number (IIN) is missing in the form. Please add it.
    .staff = The form has no individual identification number (IIN).
iin-format =
    .applicant = The individual identification number (IIN) must have twelve digits. Please correct it.
    .staff = The IIN in the form does not have twelve digits, or has only zeros.
iin-checksum =
    .applicant = The individual identification number (IIN) has a typing error. Please compare it with your document and correct it.
    .staff = The check digit of the IIN is wrong: a digit was probably mistyped.
iin-unusable =
    .applicant = The individual identification number (IIN) cannot exist. Please compare it with your document and correct it.
    .staff = Both calculations of the check digit give 10. Such numbers are never issued.
iin-date-impossible =
    .applicant = The individual identification number (IIN) does not begin with a date of birth. Please compare it with your document and correct it.
    .staff = The first six digits of the IIN are not a date of the calendar.
iin-century-invalid =
    .applicant = The seventh digit of your individual identification number (IIN) is unusual. Please compare it with your document.
    .staff = The seventh digit of the IIN is { $digit }. For persons it is a digit from 1 to 6. Please check the document that shows the number.
iin-is-bin =
    .applicant = This looks like the number of a company (BIN). Please enter your own individual identification number (IIN).
    .staff = The number has the form of a business identification number (BIN), not of an IIN.
iin-birth-mismatch =
    .applicant = The date of birth in your individual identification number (IIN) is not the same as in your { $source }. Please compare both and correct the error.
    .staff = The date of birth in the IIN is not the same as in the { $source }. An IIN never changes, but passports can be corrected. Please compare both.
iin-sex-mismatch =
    .applicant = The sex in your individual identification number (IIN) is not the same as in your { $source }. Please compare both and correct the error.
    .staff = The sex in the IIN is not the same as in the { $source }. Please compare both.

## Reasons: the form against the passport

xchk-birth =
    .applicant = The date of birth in the form is not the same as in your passport. Please correct the form, or tell us why they are different.
    .staff = Form and passport have different dates of birth. Please compare with the picture.
xchk-sex =
    .applicant = The sex in the form is not the same as in your passport. Please correct the form, or tell us why they are different.
    .staff = Form and passport have different sexes. Please compare with the picture.
xchk-surname =
    .applicant = The surname in the form is not written as in your passport. Please write it letter by letter as in the two lines at the bottom of the page.
    .staff = Form and passport have different surnames. A name may have several spellings in Latin letters. Please compare with the picture.
xchk-given =
    .applicant = The given names in the form are not written as in your passport. Please write them letter by letter as in the two lines at the bottom of the page.
    .staff = Form and passport have different given names. A name may have several spellings in Latin letters, and one of the two may have no patronymic. Please compare with the picture.
name-equivalent =
    .applicant = You do not need to do anything: your name is written in another way in your passport, by a known rule.
    .staff = Form and passport have the same { $field }, written by this rule: { $rule }.
name-order =
    .applicant = You do not need to do anything: your names are in another order in your passport.
    .staff = All names are the same, in another order or in other fields than in the passport: { $field }.
name-patronymic-only-one-side =
    .applicant = You do not need to do anything: only one of form and passport has your patronymic.
    .staff = Only one of form and passport has a patronymic: { $field }. Many passports have none.
name-close =
    .applicant = Your name in the form is nearly the same as in your passport. Please write it letter by letter as in the two lines at the bottom of the page.
    .staff = Form and passport are close but not the same: { $field }. What was compared: { $rule }. Please compare letter by letter.
name-script-mixed =
    .applicant = One word of your name in the form has letters of two alphabets that look alike. Please type it again with one keyboard.
    .staff = One word has letters of two alphabets that look alike: { $field }. The name is not what it seems to be.
name-not-comparable =
    .applicant = You do not need to do anything now: a person will compare your name with your passport.
    .staff = The names were not compared: { $field }. Reason: { $why }.
name-other-unlike =
    .applicant = You do not need to do anything: one of your names in the form is spelled in another way than in your passport.
    .staff = Another of the form's names is not the same: { $field }. What was compared: { $rule }.
name-other-not-compared =
    .applicant = You do not need to do anything: one of your names in the form was not compared by machine.
    .staff = Another of the form's names was not compared: { $field }. Reason: { $why }.
form-value-missing =
    .applicant = You do not need to do anything now: a person will read this from your passport.
    .staff = The form has no value to compare with the passport: { $field }.
doc-value-missing =
    .applicant = You do not need to do anything now: a person will read this from your document.
    .staff = There is no value to compare, or it was not read: { $field }, { $source }.
xchk-nationality =
    .applicant = The nationality in your passport is not one of the citizenships in the form. Please correct the form, or tell us why they are different.
    .staff = The nationality in the passport is not one of the citizenships in the form.
xchk-visual =
    .applicant = You do not need to do anything now: a person will check your passport.
    .staff = The machine readable zone and the text printed above it are different: { $field }. Please compare both.
visual-not-found =
    .applicant = You do not need to do anything: a part of the print in your passport was not found by machine.
    .staff = Not found in the text printed above the machine readable zone: { $fields }. Please compare both.
xchk-not-possible =
    .applicant = You do not need to do anything now: a person will compare the form with your passport.
    .staff = Form and passport could not be compared, because one of them was not read with certainty: { $field }. Please compare them yourself.

## Reasons: the portrait

photo-ratio =
    .applicant = The photograph does not have the shape of 35 x 45 mm (width to height { $ratio }, allowed { $low } to { $high }). Please crop it to 7 : 9.
    .staff = Width to height is { $ratio }. A print of 35 x 45 mm has 0.778; { $low } to { $high } is accepted.
photo-ratio-near =
    .applicant = The photograph nearly has the shape of 35 x 45 mm (width to height { $ratio }, best { $low } to { $high }). You can crop it to 7 : 9 to avoid questions.
    .staff = Width to height is { $ratio }, just outside { $low } to { $high }, which is a print of 35 x 45 mm with its tolerance.
photo-too-small =
    .applicant = The photograph has { $width } x { $height } pixels. Please upload a photograph of at least { $min_width } x { $min_height } pixels. Do not enlarge the small one.
    .staff = The photograph has { $width } x { $height } pixels; at least { $min_width } x { $min_height } are required.
photo-greyscale =
    .applicant = The photograph is black and white. Please upload a photograph in colour.
    .staff = The photograph is grey, or grey saved as colour (colour measure { $colour }).
photo-no-face =
    .applicant = No face was found in the photograph. If it shows your face from the front, a person will check it; otherwise please upload another photograph.
    .staff = No face was found. Detectors do not find every face. Please check the photograph yourself.
photo-many-faces =
    .applicant = The photograph seems to show { $faces } faces. Please upload a photograph that shows only you.
    .staff = { $faces } faces were found. Please check whether the other faces are real, or for example a print on the clothes.
photo-head-large =
    .applicant = Your head is too large in the photograph ({ $mm } mm on the print, { $low } to { $high } mm are required). Please take it again from a greater distance.
    .staff = The head is { $mm } mm high on a 35 x 45 mm print; { $low } to { $high } mm are required. A photograph from a greater distance would fit.
photo-head-small =
    .applicant = Your head is too small in the photograph ({ $mm } mm on the print, { $low } to { $high } mm are required). Please take it again from a shorter distance, or crop it.
    .staff = The head is { $mm } mm high on a 35 x 45 mm print; { $low } to { $high } mm are required. A photograph from a shorter distance, or a crop, would fit.
photo-eye-line =
    .applicant = Your eyes are { $mm } mm above the lower edge of the photograph; { $low } to { $high } mm are required. Please crop it again.
    .staff = The eyes are { $mm } mm above the lower edge of a 35 x 45 mm print; { $low } to { $high } mm are required.
photo-not-measured =
    .applicant = You do not need to do anything now: a person will check your photograph.
    .staff = This could not be measured: { $measure }. Please check the photograph yourself.
photo-faces-disagree =
    .applicant = You do not need to do anything now: a person will check your photograph.
    .staff = Two methods of finding faces have different results; one of them found { $faces }. Please count the faces yourself.
photo-sideways =
    .applicant = The photograph is not upright. Please turn it before you upload it.
    .staff = The photograph must be turned by { $degrees }° clockwise to be upright. It was turned before it was measured.
photo-off-centre =
    .applicant = Your face is not in the middle of the photograph. Please crop it again, with the same space on the left and on the right.
    .staff = The middle between the eyes is at { $value } of the width; { $low } to { $high } is required. A new crop would fit.
photo-tilt =
    .applicant = Your head is tilted to one side by { $value }° in the photograph. Please hold it straight, or straighten the photograph.
    .staff = The line through the eyes is tilted by { $value }°; { $low }° to { $high }° is required.
photo-turned =
    .applicant = Your face is turned to the side, up or down in the photograph. Please look straight into the camera.
    .staff = The { $measure } is about { $value }°; { $low }° to { $high }° is required. This measure is not exact.
photo-eyes-closed =
    .applicant = Your eyes seem to be closed in the photograph. If they are open, a person will see it; otherwise please take it again.
    .staff = The eyes are open with a probability of { $value }. Narrow eyes can look like closed eyes to the machine. Please check yourself.
photo-mouth-open =
    .applicant = Your mouth seems to be open in the photograph. Please take it again with the mouth closed.
    .staff = The mouth is closed with a probability of { $value }.
photo-glasses-tinted =
    .applicant = Something seems to hide your eyes, for example dark glasses. Please take the photograph again so that both eyes can be seen clearly.
    .staff = A dark lens, or something else without contrast, hides an eye with a probability of { $value }.
photo-glasses-glare =
    .applicant = Your glasses reflect a light. Please take the photograph again without the reflection, or without glasses.
    .staff = A share of { $value } of the lenses is hidden by reflected light; at most { $high } is allowed.
photo-red-eyes =
    .applicant = Your pupils are red from the flash. Please take the photograph again without a flash.
    .staff = A pupil is red with a probability of { $value }.
photo-background =
    .applicant = The background of the photograph is not plain and light enough. Please stand in front of a plain, light wall without shadows.
    .staff = The background is not as required: { $measure } is { $value }.
photo-light =
    .applicant = The light on your face is uneven, too strong or too weak. Please face a window or a wide lamp and take the photograph again.
    .staff = The light is not as required: { $measure } is { $value }.
photo-colour-cast =
    .applicant = The colours of the photograph are not natural. Please take it again in daylight.
    .staff = The colour of the skin differs by { $value } units (CIELAB) from skin in daylight; at most { $high } is allowed.
photo-blurred =
    .applicant = The photograph is not sharp. Please take it again with a steady camera.
    .staff = The sharpness is { $value }; at least { $low } is required.
photo-upscaled =
    .applicant = The photograph seems to be enlarged from a smaller one. Please upload the original.
    .staff = The picture was enlarged with a probability of { $value }.
photo-face-few-pixels =
    .applicant = Your face has too few pixels. Please upload the original photograph, or take it again from a shorter distance.
    .staff = The eyes are { $value } pixels apart; at least { $low } are required.
photo-compressed =
    .applicant = The photograph was saved with too low quality. Please upload the original.
    .staff = The JPEG quality is { $value } of 100; at least { $low } is required.
photo-head-cut =
    .applicant = The top of your head is cut off, or touches the edge of the photograph. Please take it again with space above your head.
    .staff = There is { $value } mm of space above the hair; at least { $low } mm is required. The top of the head is cut off or touches the edge.
photo-border =
    .applicant = The photograph has a frame around it. Please cut the frame off.
    .staff = A frame of one colour covers a share of { $value } of the shorter side.
photo-marks =
    .applicant = There is something on the background of the photograph, for example text or a stamp. Please upload a photograph without it.
    .staff = Objects that belong neither to the person nor to the background cover a share of { $value } of the background.
photo-old-exif =
    .applicant = According to the date of the camera, the photograph was taken on { $taken }. It must not be older than { $months } months.
    .staff = The date of the camera is { $taken }, more than { $months } months before the application. The clock of a camera may be wrong.
photo-crop-fits =
    .applicant = Please crop the photograph as the second picture shows: your head will then be { $mm } mm high, which meets the rule.
    .staff = A crop is enough to correct this: on the second picture the head is { $mm } mm high.

## Reasons: the set of documents

set-missing =
    .applicant = A document is missing. Please upload: { $kind }.
    .staff = A document that the stage requires is missing: { $kind }.
set-missing-recommended =
    .applicant = You may also upload: { $kind }.
    .staff = Not uploaded, and not required by the rules as they are known: { $kind }.
set-unexpected =
    .applicant = This stage does not require: { $kind }. You do not need to do anything.
    .staff = The stage does not require this document: { $kind }.
set-several =
    .applicant = You uploaded { $count } documents of one kind: { $kind }. Please tell us which one counts.
    .staff = There are { $count } documents of a kind of which one is expected: { $kind }. Please decide which one counts.
set-kind-unknown =
    .applicant = You do not need to do anything: a person looks for this document among those that you uploaded ({ $kind }).
    .staff = No document is declared as { $kind }, and { $count ->
        [one] one document has
       *[other] { $count } documents have
    } a kind that the check does not know. Please look whether it is there.
set-unreadable =
    .applicant = The document could not be opened. Please upload it again: { $kind }.
    .staff = The document was uploaded but could not be opened: { $kind }.

## Reasons: the check itself

sys-programme-to-confirm =
    .applicant = You do not need to do anything.
    .staff = The rules are those of “{ $programme }”. Its legal text is not confirmed yet.
sys-reader-missing =
    .applicant = You do not need to do anything.
    .staff = The printed text was not compared with the machine readable zone, because { $reader } is not installed.
sys-holidays-end =
    .applicant = You do not need to do anything.
    .staff = The time limit is counted in working days, and the table of holidays ends on { $last }. The last day is not known: please count it by hand.
sys-programme-unknown =
    .applicant = You do not need to do anything.
    .staff = No programme covers { $date }. The programme nearest in time was used. Please check which rules apply.

## Statuses and outcomes

status-error = Technical fault
status-fail = Rule not met
status-unsure = Uncertain
status-not-run = Not run
status-warn = Please check
status-pass = Met
status-not-applicable = Does not apply

outcome-error = A required check could not be made for a technical reason.
outcome-fail = At least one required rule is not met, as far as the documents could be read.
outcome-unsure = Something that is required was not read, or could not be decided.
outcome-not-run = Nothing has been checked yet.
outcome-warn = No required rule is broken, but something should be checked.
outcome-pass = No check found a problem.
outcome-not-applicable = There was nothing to check.

advice-none = The machine check has no open points.
advice-look = Please check the points below.
advice-ask-applicant = The applicant can correct points below.
advice-wait-retry = Please wait, or start the check again. This is not a fault of the applicant.

fixable-applicant = the applicant
fixable-reviewer = you, by checking it yourself
fixable-operator = the operators of the check
fixable-portal = the portal
fixable-nobody = nobody needs to

## Names of checks

check-application-date = Day of application
check-application-programme = Programme
check-set = Set of documents: { $kind }
check-content = Content: { $kind }
check-document-kind = Kind of document
check-file-integrity = File as announced
check-file-opens = Opening the file
check-file-type = Type of file
check-file-arrives = Arrival of the file
check-passport-zone = Machine readable zone
check-passport-check-digits = Check digits
check-passport-dates = Dates of the passport together
check-passport-other-pages = Pages without a zone
check-passport-visual = Zone and printed text
check-passport-document = Type of travel document
check-passport-validity = Validity on the day of application
check-passport-next-stage = Validity for a later stage
check-passport-still-valid = Validity today
check-police-clearance-validity = Age of the police clearance
check-application-clock = Time limit
check-portrait-face = Number of faces
check-portrait-ratio = Width to height
check-portrait-size = Size in pixels
check-portrait-colour = Colour
check-portrait-head-height = Height of the head
check-portrait-eye-line = Height of the eyes
check-portrait-upright = Upright position
check-portrait-measures = Measures of the portrait
check-portrait-other-pages = Pages beside the measured one
check-portrait-age = Age according to the camera
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
kind-professional-certificate = certificate of professional development
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
measure-hair-margin-mm = space above the hair
measure-leftward-crop = space to the left
measure-rightward-crop = space to the right
measure-margin-above = space above the eyes
measure-margin-below = space below the eyes
measure-roll-deg = tilt of the head
measure-yaw-deg = turn of the head to the side
measure-pitch-deg = turn of the head up or down
measure-head-pose-roll = tilt of the whole face
measure-head-pose-yaw = turn of the whole face to the side
measure-head-pose-pitch = turn of the whole face up or down
measure-illumination-uniformity = similarity of the light on both cheeks
measure-illumination-evenness = evenness of the light
measure-luminance-mean = mean luminance of the face
measure-luminance-variance = variance of the luminance of the face
measure-under-exposure = share of the face that is too dark
measure-over-exposure = share of the face that is too bright
measure-dynamic-range = range of luminance
measure-hot-spots = share of the face with bright spots
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
measure-marks-on-background = objects on the background

media-image-jpeg = JPEG
media-image-png = PNG
media-image-webp = WebP
media-image-gif = GIF
media-image-bmp = BMP
media-image-tiff = TIFF
media-image-heic = HEIC
media-application-pdf = PDF

agreement-equal = the same
agreement-equivalent = the same except for case, accents and separators
agreement-equivalent-rule = the same by this rule: { $rule }
agreement-close = close, not the same
agreement-close-rule = close, not the same: { $rule }
agreement-different = different
agreement-unreadable = could not be compared
agreement-not-comparable = could not be compared

## Rules for names, and why names were not compared

name-rule-exact = every letter the same
name-rule-case-and-marks = the same letters except for case, apostrophes, hyphens and spaces
name-rule-diacritics-icao = Latin letters with marks by ICAO Doc 9303
name-rule-rus-icao-2013 = Russian passports since 2013 (ICAO Doc 9303)
name-rule-rus-gost-2010 = Russian passports of 2010 to 2013 (GOST R 52535.1)
name-rule-rus-mvd-1997 = Russian passports of 1997 to 2010 (order 310)
name-rule-eng-bgn = English spelling of Russian (BGN/PCGN 1947)
name-rule-ukr-2010 = Ukrainian passports (decree 55 of 2010)
name-rule-bel-2008 = Belarusian passports (2008)
name-rule-kaz-passport = passports of Kazakhstan
name-rule-kaz-latin-2021 = Kazakh Latin alphabet of 2021
name-rule-uzb-1995 = Uzbek Latin alphabet of 1995
name-rule-kir-bgn = Kyrgyz (BGN/PCGN)
name-rule-taj-bgn = Tajik (BGN/PCGN)
name-rule-bul-2009 = Bulgarian law of 2009
name-rule-srp-latin = Serbian Latin
name-rule-mkd-icao = Macedonian (ICAO Doc 9303)
name-rule-mon-2012 = Mongolian standard of 2012
name-rule-geo-2002 = Georgian national system of 2002
name-rule-arm-bgn = Armenian (BGN/PCGN 1981)
name-rule-aze-passport = passports of Azerbaijan
name-rule-palladius = Chinese names in Russian (Palladius)
name-rule-mixed-schemes = each word by a scheme of its own
name-rule-mrz-truncated = the zone has no space for all of it
name-rule-homoglyph = letters of two alphabets that look alike
name-rule-national-form = one name in the forms of two languages
name-rule-sounds-alike = words that sound alike
name-rule-one-letter = one letter differs
name-rule-initials = initials only
name-rule-different = other names
name-rule-order = in another order
name-rule-patronymic-one-side = patronymic on one side only
name-rule-more-names-on-one-side = more names on one side
name-why-empty = one side has no letters
name-why-too-long = the text is too long for a name
name-why-too-many = the form has more names than are compared
name-why-script-without-scheme = there is no rule for this script
name-why-form-has-no-name = the form has no name
name-why-zone-has-no-name = no name was read from the machine readable zone

basis-zone = based on the zone alone; its check digits are right
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

## Stages, time limits, notes of the programme

stage-ministry-petition = petition of the ministry
stage-residence-permit = residence permit

step-review = Review due
step-migration-check = Check by the migration service due

note-places = Pilot in: { $places }.
note-entry = After a positive decision: enter Kazakhstan within { $days ->
        [one] one calendar day
       *[other] { $days } calendar days
    }.
note-reapplication = After a negative decision: a new application is possible after { $days ->
        [one] one calendar day
       *[other] { $days } calendar days
    }.
note-reapplication-unknown = After a negative decision: a new application is possible only after a waiting time. How long it is, is not known.

## The report

report-title = Application { $id }
report-advice-only = Machine check. Advice only: you decide.
report-skip = Skip to the points to check
report-masked = Personal data is masked. You can request a copy without masks.
report-unmasked = Personal data is shown in full. Protect this page like the passport itself.
report-summary = Summary
report-outcome = Outcome
report-next = Next step
report-due = Time limit
report-due-none = no time limit is known for this stage
report-due-unknown = cannot be counted: the table of holidays ends on { $date }
report-due-working = { $days ->
        [one] One working day from the day of application.
       *[other] { $days } working days from the day of application.
    }
report-due-holidays = The days off of this year are to be confirmed.
report-due-left = { $days ->
        [0] today
        [one] in one day
       *[other] in { $days } days
    }
report-due-over = { $days ->
        [one] overdue by one day
       *[other] overdue by { $days } days
    }
report-due-over-earliest = { $days ->
        [one] one day ago
       *[other] { $days } days ago
    }
report-due-earliest = At the earliest: the time begins on or after the day of application, and no source says when.
report-due-safe = Safe with every way of counting the first day: { $date }.
report-applied = Day of application
report-applied-assumed = the day of receipt
report-looked = Checked on
report-expires = Expires next
report-expires-none = no date could be read with certainty
report-notes = Good to know
report-to-confirm = to be confirmed
report-rules = Programme
report-rules-confirm = The legal text is not confirmed yet.
report-rules-nearest = It does not cover the day of application. It is the nearest in time.
report-incomplete = { $waiting ->
        [one] One of { $all } documents is not examined yet. This page will be replaced.
       *[other] { $waiting } of { $all } documents are not examined yet. This page will be replaced.
    }

report-not-read = { $count ->
        [one] One document was not read by machine: { $list }.
       *[other] { $count } documents were not read by machine: { $list }.
    }

report-eyes = Points to check
report-eyes-none = No check found a problem. All checks are listed below.
report-eyes-count = { $count ->
        [one] One finding, with its numbers, its picture and its source.
       *[other] { $count } findings, the most serious first, each with its numbers, its picture and its source.
    }
report-whole = whole application
report-asked = Expected
report-seen = Found
report-expected-side = { $source } (expected)
report-rule-name = Rule for names
report-differs = Letters that differ
report-differs-side = { $source }: { $letters }
report-differs-none = none
report-differs-masked = shown in the copy without masks
report-margin = Margin
report-margin-short = { $number } too little
report-margin-spare = { $number } more than needed
report-confidence = Confidence
report-fixable = Who can correct it
report-retry = Another attempt may have a different result.
report-optional = advisory: leads to “please check” at most
report-tell = For the applicant
report-waiting = Not checked because of this
report-not-run = Not run, because it needs the result of “{ $check }”.
report-not-arrived = Not examined yet, because the file has not arrived.
report-not-run-alone = Not run, because there was nothing to compare with.
report-rule = Rule { $id }, in force from { $from }
report-rule-until = Rule { $id }, in force from { $from } to { $to }
report-parameters = Numbers: { $list }
report-source = Source: { $source }
report-source-confirm = Source (to be confirmed): { $source }
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
report-sha = Start of SHA-256
report-file = File
report-not-yet = not examined yet
report-file-only = only the file was checked; its text was not read
report-portal-word = the portal calls it “{ $word }”

report-fields = Fields compared
report-fields-caption = Fields of: { $document }
report-fields-form = Fields of the form
report-field = Field
report-agreement = Agreement
report-agreement-pair = { $left } and { $right }: { $result }
report-no-value = no value
report-not-sure = uncertain; { $confidence }
report-changed = { $changed ->
        [one] one character corrected by check digits
       *[other] { $changed } characters corrected by check digits
    }
report-alternatives = { $count ->
        [one] one other reading was possible
       *[other] { $count } other readings were possible
    }
report-raw = as read: { $raw }
report-begins = masked, starts with { $letter }
report-hidden = masked

report-measures = Measures of the portrait
report-measures-caption = All measures of: { $document }
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
report-zone-again = The machine readable zone is shown in picture { $number }, above.
report-line-missing = The picture of this line was not available.
report-picture-zone = Machine readable zone
report-picture-visual = Printed text
report-picture-portrait = Portrait with the measured lines
report-picture-portrait-crop = Suggested crop of the portrait
report-picture-crop = Part of the page
report-picture-overlay = Part of the page with marks
report-picture-of = { $document }, page { $page }
report-picture-masked = names, numbers and date of birth are covered
report-picture-withheld = { $name } is not shown here, because there is no copy with covered personal data.
report-picture-missing = { $name } is not on this page, because its file was not available.
report-picture-alt = { $what } of { $document }, page { $page }.
report-picture-alt-read = Read there: { $list }.
report-picture-alt-measured = Measured: { $list }.

report-made = How this report was made
report-made-json = The file verdict.json beside this page has the same verdict and this digest.
report-made-digest = Digest of the verdict
report-made-previous = Digest of the previous revision
report-made-revision = Revision
report-made-produced = Produced at
report-made-worker = Produced by
report-made-versions = Versions
report-made-programme = SHA-256 of the programme file
report-made-tzdb = Time zone
report-made-tzdb-value = { $zone }, tz database { $release }
report-made-schema = Form of the verdict
report-made-timings = Timings
report-made-ms = { $step }: { $ms } ms
