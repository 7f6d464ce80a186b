/**
 * The sentences: what was wrong, where, and what to do. Read by refusal.ts; a test provokes each. `{places}` are filled
 * from the facts. Kinds: what a command met, what stood in a field, what stood in a file (`row`), and warnings (`warning-`).
 */
type Sentence = { readonly sv: string; readonly en: string };
const says = <T extends Record<string, Sentence>>(sentences: T): { readonly [K in keyof T]: Sentence } => sentences;

export const catalogue = says({
  // fields
  'amount-malformed': {
    sv: 'Beloppet "{amount}" kan inte läsas. Skriv kronor med punkt och högst två decimaler, till exempel 1234.50.',
    en: 'The amount "{amount}" cannot be read. Write kronor with a point and at most two decimals, for example 1234.50.',
  },
  'amount-too-many-decimals': {
    sv: 'Beloppet {amount} har fler än två decimaler. Skriv det i hela ören.',
    en: 'The amount {amount} has more than two decimals. Write it in whole öre.',
  },
  'amount-too-large': {
    sv: 'Beloppet {amount} är för stort för att bokföras exakt. Dela upp det.',
    en: 'The amount {amount} is too large to be kept exactly. Split it.',
  },
  'amount-not-positive': {
    sv: 'Beloppet måste vara större än noll, men är {amountOre} kr.',
    en: 'The amount must be above zero, but is {amountOre} kr.',
  },
  'amount-zero': {
    sv: 'Rad {line} har beloppet noll. Ta bort raden eller ange ett belopp.',
    en: 'Line {line} has the amount zero. Remove the line or give an amount.',
  },
  'date-malformed': {
    sv: '"{date}" är inget datum. Skriv ÅÅÅÅ-MM-DD, en dag som finns.',
    en: '"{date}" is no date. Write YYYY-MM-DD, a day that exists.',
  },
  'period-malformed': {
    sv: '"{period}" är ingen period. Skriv ÅÅÅÅ-MM, 01 till 12, eller 13 till 16 för bokslutsperioder.',
    en: '"{period}" is no period. Write YYYY-MM, 01 to 12, or 13 to 16 for closing periods.',
  },
  'period-outside-year': {
    sv: 'Period {period} ligger inte i år {year}. Välj en period i året, eller ett annat år.',
    en: 'Period {period} does not lie in the year {year}. Choose a period of the year, or another year.',
  },
  'code-malformed': {
    sv: '"{code}" kan inte vara en kod för {what}. Använd bokstäver, siffror, punkt, bindestreck eller understreck, högst 20 tecken.',
    en: '"{code}" cannot be a code for {what}. Use letters, digits, full stop, hyphen or underscore, at most 20 characters.',
  },
  'text-missing': { sv: '{field} saknas. Fyll i den.', en: '{field} is missing. Fill it in.' },
  'text-too-long': {
    sv: '{field} är {characters} tecken lång; högst {most} får plats. Korta den.',
    en: '{field} is {characters} characters long; at most {most} fit. Shorten it.',
  },
  'text-malformed': {
    sv: '{field} innehåller tecken som inte kan lagras. Skriv om texten.',
    en: '{field} holds characters that cannot be stored. Write the text anew.',
  },
  'voucher-reference-malformed': {
    sv: '"{voucher}" är ingen verifikationsbeteckning. Skriv till exempel own-2023-17 eller erp-2023-A-153.',
    en: '"{voucher}" is no voucher reference. Write for example own-2023-17 or erp-2023-A-153.',
  },
  'choice-unknown': {
    sv: '"{value}" är inget val för {field}. Välj {choices}.',
    en: '"{value}" is no choice for {field}. Choose {choices}.',
  },
  'year-malformed': { sv: '"{year}" är inget år. Skriv fyra siffror.', en: '"{year}" is no year. Write four digits.' },
  'input-malformed': { sv: 'Anropet kan inte läsas: {reason}', en: 'The request cannot be read: {reason}' },
  'body-too-large': {
    sv: 'Anropet är större än {most} byte. Dela upp det, eller importera en fil.',
    en: 'The request is larger than {most} bytes. Split it, or import a file.',
  },

  // the doors
  'json-malformed': {
    sv: 'Anropets innehåll är inte giltig JSON i UTF-8. Rätta det.',
    en: 'The content of the request is not valid JSON in UTF-8. Correct it.',
  },
  'field-unknown': {
    sv: 'Fältet {field} är okänt. Ta bort det eller rätta namnet.',
    en: 'The field {field} is not known. Remove it or correct its name.',
  },
  'field-missing': { sv: 'Fältet {field} saknas.', en: 'The field {field} is missing.' },
  'field-not-text': { sv: 'Fältet {field} ska vara text, inom citattecken.', en: 'The field {field} must be a text, in quotation marks.' },
  'field-not-number': { sv: 'Fältet {field} ska vara ett heltal.', en: 'The field {field} must be a whole number.' },
  'field-not-boolean': { sv: 'Fältet {field} ska vara true eller false.', en: 'The field {field} must be true or false.' },
  'field-not-list': { sv: 'Fältet {field} ska vara en lista.', en: 'The field {field} must be a list.' },
  'field-list-too-long': { sv: 'Listan {field} är för lång.', en: 'The list {field} is too long.' },
  'field-not-object': { sv: 'Fältet {field} ska vara ett objekt.', en: 'The field {field} must be an object.' },
  'route-unknown': {
    sv: 'Adressen {method} {path} finns inte. Alla adresser står på /api.',
    en: 'The address {method} {path} does not exist. All addresses stand on /api.',
  },
  'media-type-unsupported': {
    sv: 'Innehållstypen {type} tas inte emot här. Skicka {wanted}.',
    en: 'The media type {type} is not accepted here. Send {wanted}.',
  },
  'request-foreign': {
    sv: 'Anropet kommer från en annan webbplats ({origin}) och släpps inte in.',
    en: 'The request comes from another site ({origin}) and is not let in.',
  },
  'key-malformed': {
    sv: 'Nyckeln ska vara 1 till {most} tecken utan mellanslag.',
    en: 'The key must be 1 to {most} characters without spaces.',
  },
  'address-not-loopback': {
    sv: 'Servern lyssnar bara på 127.0.0.1, inte på {address}: ingen loggar in än, så den som når den får bokföra.',
    en: 'The server listens on 127.0.0.1 only, not on {address}: nobody signs in yet, so whoever reaches it may post.',
  },
  'folder-not-demo': {
    sv: 'I {folder} ligger en riktig liggare, {name}. Demon rör den inte; välj en annan mapp.',
    en: 'There is a real ledger, {name}, in {folder}. The demo does not touch it; choose another folder.',
  },
  'internal-error': {
    sv: 'Programmet gick fel ({reference}). Inget svar går att lita på; se serverns logg.',
    en: 'The program failed ({reference}). No answer can be trusted; see the log of the server.',
  },

  // the ledger as a whole
  'ledger-exists': {
    sv: 'Här finns redan en liggare, {name}. Välj en annan mapp.',
    en: 'There is a ledger here already, {name}. Choose another folder.',
  },
  'ledger-missing': {
    sv: 'I {folder} finns ingen liggare. Skapa en med liggare init.',
    en: 'There is no ledger in {folder}. Make one with liggare init.',
  },
  'ledger-busy': {
    sv: 'Liggaren har fullt upp: {waiting} ärenden väntar. Försök igen om en stund med samma nyckel.',
    en: 'The ledger is busy: {waiting} commands wait. Try again in a while with the same key.',
  },
  'ledger-held': {
    sv: 'Liggaren används av {user} (process {pid} på {host}, sedan {since}). Vänta tills den är klar, eller avsluta den.',
    en: 'The ledger is in use by {user} (process {pid} on {host}, since {since}). Wait until it is done, or end it.',
  },
  'store-unavailable': {
    sv: 'Inget lagrades: {reason}. Försök igen med samma nyckel när det är avhjälpt.',
    en: 'Nothing was stored: {reason}. Try again with the same key when it is mended.',
  },
  'result-unknown': {
    sv: 'Det är oklart om ärendet lagrades ({reason}). Försök igen med samma nyckel: det blir aldrig dubbelt.',
    en: 'Whether the command was stored is not known ({reason}). Try again with the same key: it is never stored twice.',
  },
  'key-used-otherwise': {
    sv: 'Nyckeln {key} är redan använd för ett annat ärende (händelse {seq}). Ta en ny nyckel.',
    en: 'The key {key} was already used for another command (event {seq}). Take a new key.',
  },
  'too-many-writers': {
    sv: 'Andra hann före {tries} gånger. Försök igen med samma nyckel.',
    en: 'Others came first {tries} times. Try again with the same key.',
  },
  'projection-behind': {
    sv: 'Rapporterna har kommit till händelse {position} och inte till {seq} inom {waitedMs} ms. Försök igen.',
    en: 'The reports have come to event {position} and not to {seq} within {waitedMs} ms. Try again.',
  },
  'seq-ahead': { sv: 'Händelse {seq} finns inte än; den sista är {last}.', en: 'Event {seq} does not exist yet; the last is {last}.' },
  'not-found': { sv: '{what} {code} finns inte.', en: '{what} {code} does not exist.' },
  'event-too-large': {
    sv: 'Ärendet blir {bytes} byte; högst {most} ryms i en händelse. Dela upp det.',
    en: 'The command comes to {bytes} bytes; at most {most} fit in one event. Split it.',
  },

  // settings
  'account-class-malformed': {
    sv: 'Kontoklassen {from}-{to} ({kind}) går inte att använda: lika många siffror, från högst till, och slaget balance, grant-liability, income, cost eller reallocation.',
    en: 'The account class {from}-{to} ({kind}) cannot be used: as many digits, from at most to, and the kind balance, grant-liability, income, cost or reallocation.',
  },
  'account-classes-overlap': {
    sv: 'Kontoklasserna {first} och {second} överlappar. Varje konto hör till en klass.',
    en: 'The account classes {first} and {second} overlap. Each account belongs to one class.',
  },
  'pattern-malformed': {
    sv: 'Mönstret {pattern} är inget reguljärt uttryck på högst 100 tecken.',
    en: 'The pattern {pattern} is no regular expression of at most 100 characters.',
  },
  'account-unknown': {
    sv: 'Konto {account} hör inte till någon kontoklass. Rätta kontot eller lägg till klassen.',
    en: 'Account {account} belongs to no account class. Correct the account or add the class.',
  },

  // register
  'grant-code-malformed': {
    sv: 'Koden {grant} följer inte liggarens mönster för bidragskoder, {pattern}.',
    en: "The code {grant} does not follow the ledger's pattern for grant codes, {pattern}.",
  },
  'grant-is-display-group': {
    sv: '{grant} är en visningsgrupp i tabellerna, inte en bidragskod. Ange koden den står för.',
    en: '{grant} is a display group in the tables, not a grant code. Name the code it stands for.',
  },
  'grant-exists': {
    sv: 'Bidragskod {grant} finns redan, eller har funnits, och återanvänds aldrig. Välj en annan kod.',
    en: 'Grant code {grant} exists, or has existed, and is never reused. Choose another code.',
  },
  'grant-unknown': {
    sv: 'Bidragskod {grant} finns inte i registret. Rätta koden eller registrera bidraget.',
    en: 'Grant code {grant} is not in the register. Correct the code or register the grant.',
  },
  'grant-not-valid': {
    sv: 'Bidragskod {grant} gäller inte {day}: {validFrom} till {lastDay}. Välj en kod som gäller.',
    en: 'Grant code {grant} is not valid on {day}: {validFrom} to {lastDay}. Choose a code that is.',
  },
  'grant-retired': { sv: 'Bidragskod {grant} är redan avslutad {lastDay}.', en: 'Grant code {grant} was already ended {lastDay}.' },
  'grant-not-empty': {
    sv: 'Bidragskod {grant} kan inte avslutas: på balansräkningen står {balanceOre} kr och öppna år har nettot {netOre} kr. Reglera dem först.',
    en: 'Grant code {grant} cannot be ended: {balanceOre} kr stand on the balance sheet and open years have the net {netOre} kr. Settle them first.',
  },
  'decision-exists': { sv: 'Beslut {decision} finns redan.', en: 'Decision {decision} exists already.' },
  'decision-unknown': {
    sv: 'Beslut {decision} finns inte i registret. Rätta eller registrera det.',
    en: 'Decision {decision} is not in the register. Correct or register it.',
  },
  'decision-of-other-grant': {
    sv: 'Beslut {decision} hör till bidrag {grant}, inte till {given}.',
    en: 'Decision {decision} belongs to grant {grant}, not to {given}.',
  },
  'terms-contradict': {
    sv: 'Beslutets villkor säger emot sig själva: {reason}',
    en: 'The terms of the decision contradict themselves: {reason}',
  },
  'exemption-exists': {
    sv: '{grant} är redan undantaget från kravet på resultatneutralitet {year}.',
    en: '{grant} is already exempt from neutrality in {year}.',
  },
  'exemption-unknown': { sv: '{grant} är inte undantaget {year}.', en: '{grant} is not exempt in {year}.' },
  'unit-unknown': {
    sv: 'Enhet {unit} finns inte. Rätta koden eller lägg till enheten.',
    en: 'Unit {unit} does not exist. Correct the code or add the unit.',
  },
  'unit-not-valid': {
    sv: 'Enhet {unit} gäller inte {day}. Välj en enhet som gäller.',
    en: 'Unit {unit} is not valid on {day}. Choose one that is.',
  },
  'unit-below-itself': {
    sv: 'Enhet {unit} kan inte ligga under {parent}, som ligger under {unit}.',
    en: 'Unit {unit} cannot lie under {parent}, which lies under {unit}.',
  },
  'unit-is-region': {
    sv: '{unit} är regionen själv: roten flyttas inte, avslutas inte och byter inte slag.',
    en: '{unit} is the region itself: the root is not moved, not ended and does not change its kind.',
  },
  'unit-has-units': {
    sv: 'Enhet {unit} kan inte avslutas {lastDay}: {below} ligger under den.',
    en: 'Unit {unit} cannot be ended {lastDay}: {below} lies under it.',
  },
  'allotment-below-zero': {
    sv: 'Tilldelningen till {unit} blir {leftOre} kr. Dra tillbaka högst det som tilldelats.',
    en: 'The allotment to {unit} becomes {leftOre} kr. Take back at most what was allotted.',
  },

  // vouchers
  'voucher-unbalanced': {
    sv: 'Verifikationen balanserar inte: debet och kredit skiljer {differenceOre} kr.',
    en: 'The voucher does not balance: debit and credit differ by {differenceOre} kr.',
  },
  'voucher-without-lines': { sv: 'En verifikation har minst två rader.', en: 'A voucher has at least two lines.' },
  'voucher-too-many-lines': {
    sv: 'Verifikationen har {lines} rader; högst {most} bokförs för hand. Importera en fil.',
    en: 'The voucher has {lines} lines; at most {most} are posted by hand. Import a file.',
  },
  'voucher-unknown': { sv: 'Verifikation {voucher} finns inte.', en: 'Voucher {voucher} does not exist.' },
  'voucher-line-unknown': { sv: 'Verifikation {voucher} har ingen rad {line}.', en: 'Voucher {voucher} has no line {line}.' },
  'period-closed': {
    sv: 'Period {period} är stängd. Bokför i en öppen period eller öppna den igen.',
    en: 'Period {period} is closed. Post in an open period or reopen it.',
  },
  'period-not-closed': { sv: 'Period {period} är inte stängd.', en: 'Period {period} is not closed.' },
  'account-not-for-act': {
    sv: 'Rad {line}: konto {account} ({kind}) hör inte hemma i {act}. Rätta kontot eller bokför på rätt sätt.',
    en: 'Line {line}: account {account} ({kind}) does not belong in {act}. Correct the account or post by the right act.',
  },
  'act-without-its-line': { sv: 'I {act} saknas raden på {kind}.', en: 'The line on {kind} is missing in {act}.' },
  'line-without-grant': {
    sv: 'Rad {line}: konto {account} kräver en bidragskod.',
    en: 'Line {line}: account {account} requires a grant code.',
  },
  'line-without-decision': {
    sv: 'Rad {line}: ange vilket beslut pengarna gäller.',
    en: 'Line {line}: name the decision that the money is about.',
  },
  'received-elsewhere': {
    sv: 'Rad {line}: beslut {decision} tar emot pengar som {receivedTo}, inte på konto {account}.',
    en: 'Line {line}: decision {decision} receives money as {receivedTo}, not on account {account}.',
  },
  'already-corrected': {
    sv: 'Verifikation {voucher} är redan rättad (händelse {seq}). Rätta den som ersatte den.',
    en: 'Voucher {voucher} is already corrected (event {seq}). Correct the one that replaced it.',
  },
  'reversal-is-final': {
    sv: '{voucher} är en rättelse som tar bort en annan verifikation, och rättas inte i sin tur. Bokför på nytt.',
    en: '{voucher} is a reversal, which is final. Post anew.',
  },
  'recoding-not-correctable': {
    sv: '{voucher} är en omkontering. Koda tillbaka i stället för att rätta.',
    en: '{voucher} is a recoding. Recode back instead of correcting.',
  },
  'voucher-recoded': {
    sv: 'En rad i {voucher} är omkonterad. Koda tillbaka den innan verifikationen rättas.',
    en: 'A line of {voucher} is recoded. Recode it back before the voucher is corrected.',
  },
  'line-not-a-cost': {
    sv: 'Rad {line} i {voucher} ligger inte på ett kostnadskonto och kan inte kodas om.',
    en: 'Line {line} of {voucher} is not on a cost account and cannot be recoded.',
  },
  'line-of-a-recoding': {
    sv: '{voucher} är själv en omkontering. Koda om raden som den flyttade.',
    en: '{voucher} is a recoding itself. Recode the line that it moved.',
  },
  'line-of-a-corrected-voucher': {
    sv: '{voucher} är rättad och gäller inte längre. Koda om den som ersatte den.',
    en: '{voucher} is corrected and no longer holds. Recode the one that replaced it.',
  },
  'recodes-more-than-stands': {
    sv: 'På {grant} står {leftOre} kr kvar av raden. Koda om högst det, med samma tecken.',
    en: '{leftOre} kr of the line stand on {grant}. Recode at most that, with the same sign.',
  },
  'recodes-nothing': {
    sv: 'Omkonteringen flyttar ingenting: ange minst en annan kod.',
    en: 'The recoding moves nothing: name at least one other code.',
  },
  'per-cent-malformed': {
    sv: 'Andelarna är {total} procent. De ska vara över 0 och högst 100 tillsammans, antingen procent eller belopp på alla.',
    en: 'The shares are {total} per cent. They must be above 0 and at most 100 together, and either per cent or amounts on all.',
  },
  'same-unit': {
    sv: 'Omfördelningen går från {unit} till samma enhet. Välj en annan mottagare.',
    en: 'The reallocation goes from {unit} to the same unit. Choose another.',
  },
  'account-not-for-reallocation': {
    sv: 'Konto {account} är inget omfördelningskonto.',
    en: 'Account {account} is no reallocation account.',
  },
  'mandate-incomplete': {
    sv: 'Beslutshänvisningen är ofullständig: {field} saknas.',
    en: 'The mandate is incomplete: {field} is missing.',
  },

  // imports
  'file-already-imported': {
    sv: 'Filen är redan importerad ({import}). Inget har bokförts på nytt.',
    en: 'The file is already imported ({import}). Nothing was posted anew.',
  },
  'import-open': {
    sv: 'Importen {import} till {book} {year} pågår. Vänta tills den är klar, eller avbryt den.',
    en: 'The import {import} into {book} {year} is under way. Wait until it is done, or abandon it.',
  },
  'import-not-open': { sv: 'Importen {import} är inte öppen.', en: 'The import {import} is not open.' },
  'import-part-out-of-order': {
    sv: 'Del {part} kom när del {expected} väntades.',
    en: 'Part {part} came when part {expected} was expected.',
  },
  'import-incomplete': {
    sv: 'Importen {import} har {arrived} av {vouchers} verifikationer och kan inte stängas.',
    en: 'The import {import} has {arrived} of {vouchers} vouchers and cannot be closed.',
  },
  'import-overtaken': {
    sv: '{code} avslutades medan importen pågick. Importera filen igen.',
    en: '{code} was ended while the import was under way. Import the file again.',
  },
  'file-overtaken': {
    sv: 'Registret eller boken ändrades medan filen lästes. Importera filen igen.',
    en: 'The register or the book changed while the file was read. Import the file again.',
  },
  'book-malformed': {
    sv: '"{book}" kan inte vara en bok: små bokstäver och siffror, och inte own.',
    en: '"{book}" cannot be a book: small letters and digits, and not own.',
  },
  'file-refused': {
    sv: 'Filen är inte importerad: {findingsInAll} fel, det första på rad {row}: {first}',
    en: 'The file is not imported: {findingsInAll} errors, the first on row {row}: {first}',
  },
  'file-empty': { sv: 'Filen har inga verifikationer.', en: 'The file holds no vouchers.' },
  'file-not-text': {
    sv: 'Rad {row} är inte giltig UTF-8. Spara filen som CSV UTF-8.',
    en: 'Row {row} is not valid UTF-8. Save the file as CSV UTF-8.',
  },
  'file-column-missing': { sv: 'Kolumnen {column} saknas i rubrikraden.', en: 'The column {column} is missing from the header row.' },
  'file-column-unknown': {
    sv: 'Kolumnen {column} är okänd. Kolumnerna är {columns}.',
    en: 'The column {column} is not known. The columns are {columns}.',
  },
  'file-column-twice': { sv: 'Kolumnen {column} finns två gånger.', en: 'The column {column} is there twice.' },
  'file-row-fields': {
    sv: 'Raden har {fields} fält men rubrikraden {columns}.',
    en: 'The row has {fields} fields but the header {columns}.',
  },
  'file-quote-open': { sv: 'Ett citattecken öppnas men stängs inte.', en: 'A quotation mark is opened but not closed.' },
  'file-row-too-long': {
    sv: 'Raden är längre än {most} byte. Saknas ett radslut?',
    en: 'The row is longer than {most} bytes. Is a line break missing?',
  },
  'file-other-year': {
    sv: 'Perioden {period} hör inte till {year}, som filen importeras till.',
    en: 'The period {period} does not belong to {year}, which the file is imported into.',
  },
  'file-field-missing': { sv: 'Fältet {column} är tomt.', en: 'The field {column} is empty.' },
  'file-voucher-split': {
    sv: 'Verifikation {voucher} finns på två ställen i filen. Raderna ska stå tillsammans.',
    en: 'Voucher {voucher} stands in two places of the file. Its rows belong together.',
  },
  'file-voucher-differs': {
    sv: 'Verifikation {voucher}: {column} skiljer sig mellan raderna.',
    en: 'Voucher {voucher}: {column} differs between its rows.',
  },
  'file-voucher-unbalanced': {
    sv: 'Verifikation {voucher} balanserar inte: debet och kredit skiljer {differenceOre} kr.',
    en: 'Voucher {voucher} does not balance: debit and credit differ by {differenceOre} kr.',
  },
  'number-taken': {
    sv: 'Verifikation {voucher} är redan importerad med annat innehåll. Rätta filen, eller rätta verifikationen.',
    en: 'Voucher {voucher} is already imported with other content. Correct the file, or correct the voucher.',
  },

  // SIE files: each is about one line of the file, which is named beside the sentence
  'sie-html': {
    sv: 'Filen är en webbsida och ingen SIE-fil. Hämta filen på nytt ur ekonomisystemet.',
    en: 'The file is a web page and no SIE file. Fetch it again from the accounting system.',
  },
  'sie-xml': {
    sv: 'Filen är XML (SIE 5 eller något annat). Exportera SIE typ 4 i stället.',
    en: 'The file is XML (SIE 5 or something else). Export SIE type 4 instead.',
  },
  'sie-not-sie': {
    sv: 'Filen är ingen SIE-fil: den första raden ska börja med # och en etikett, som #FLAGGA.',
    en: 'The file is no SIE file: its first line should begin with # and a label, as #FLAGGA.',
  },
  'sie-wide-characters': {
    sv: 'Filen är sparad som UTF-16 eller är ingen textfil. Exportera den på nytt som SIE.',
    en: 'The file is saved as UTF-16 or is no text file. Export it as SIE anew.',
  },
  'sie-line-too-long': {
    sv: 'Raden är så lång att filen inte kan vara en SIE-fil.',
    en: 'The line is so long that the file cannot be a SIE file.',
  },
  'sie-line-unreadable': { sv: 'Raden börjar varken med # eller med en klammer.', en: 'The line begins neither with # nor with a brace.' },
  'sie-type-unknown': { sv: 'SIE-typ {type} läses inte. Exportera typ 4.', en: 'SIE type {type} is not read. Export type 4.' },
  'sie-field-missing': { sv: 'I #{label} saknas ett fält: {field}.', en: 'In #{label} a field is missing: {field}.' },
  'sie-account-malformed': { sv: '"{account}" är inget konto: en till tio siffror.', en: '"{account}" is no account: one to ten digits.' },
  'sie-date-malformed': {
    sv: '"{date}" i #{label} är inget datum. SIE skriver ÅÅÅÅMMDD, en dag som finns.',
    en: '"{date}" in #{label} is no date. SIE writes YYYYMMDD, a day that exists.',
  },
  'sie-period-malformed': {
    sv: '"{period}" i #{label} är ingen period. SIE skriver ÅÅÅÅMM.',
    en: '"{period}" in #{label} is no period. SIE writes YYYYMM.',
  },
  'sie-year-malformed': {
    sv: '"{year}" i #{label} är inget årsnummer. SIE skriver 0 för filens år, -1 för året före.',
    en: '"{year}" in #{label} is no year number. SIE writes 0 for the year of the file, -1 for the one before.',
  },
  'sie-objects-malformed': {
    sv: 'Objektlistan i #{label} är inte stängd, eller består inte av par av dimension och objekt.',
    en: 'The object list in #{label} is not closed, or is not pairs of dimension and object.',
  },
  'sie-text-too-long': {
    sv: 'Texten är {characters} tecken lång; högst {most} får plats.',
    en: 'The text is {characters} characters long; at most {most} fit.',
  },
  'sie-dimension-circular': { sv: 'Dimension {dimension} ligger under sig själv.', en: 'Dimension {dimension} lies under itself.' },
  'sie-brace-unexpected': { sv: 'Klammern hör inte till någon verifikation.', en: 'The brace belongs to no voucher.' },
  'sie-voucher-open': {
    sv: 'Verifikation {voucher} är inte avslutad: klammern } saknas.',
    en: 'Voucher {voucher} is not ended: the brace } is missing.',
  },
  'sie-line-outside-voucher': {
    sv: 'Raden står utanför en verifikation: den ska stå mellan klamrar efter #VER.',
    en: 'The line stands outside a voucher: it belongs between braces after #VER.',
  },
  'sie-voucher-unbalanced': {
    sv: 'Verifikation {voucher} balanserar inte: debet och kredit skiljer {differenceOre} kr.',
    en: 'Voucher {voucher} does not balance: debit and credit differ by {differenceOre} kr.',
  },
  'sie-ksumma-open': {
    sv: 'Kontrollsumman börjar här men slutposten saknas: filen är inte hel.',
    en: 'The control sum begins here but its closing record is missing: the file is not whole.',
  },
  'sie-ksumma-wrong': {
    sv: 'Kontrollsumman är {given} men filen ger {computed}: filen är ändrad eller skadad.',
    en: 'The control sum is {given} but the file gives {computed}: the file is changed or damaged.',
  },
  'sie-code-not-writable': {
    sv: 'Koden "{code}" kan inte skrivas i en SIE-fil: den har tecken som CP437 saknar.',
    en: 'The code "{code}" cannot be written in a SIE file: it has characters that CP437 lacks.',
  },
  'sie-encoding-tag': {
    sv: 'Filen säger {tag} men är skriven i {found}. Den är läst som {found}.',
    en: 'The file says {tag} but is written in {found}. It is read as {found}.',
  },
  'sie-encoding-mixed': {
    sv: 'Raden är skriven i {found} i en fil som annars är {file}. Läs igenom texten.',
    en: 'The line is written in {found} in a file that is otherwise {file}. Look through the text.',
  },
  'sie-text-damaged': {
    sv: 'Texten har tecken som gick förlorade innan filen kom hit.',
    en: 'The text has characters that were lost before the file came here.',
  },
  'sie-control-character': {
    sv: 'Texten har styrtecken; de är utbytta mot blanksteg.',
    en: 'The text has control characters; they are replaced by spaces.',
  },
  'sie-quote-open': {
    sv: 'Ett citattecken öppnas men stängs inte på raden. Texten kan vara avkortad.',
    en: 'A quotation mark is opened but not closed on the line. The text may be cut short.',
  },
  'sie-quote-misplaced': {
    sv: 'Ett citattecken står mitt i en text. Läs igenom texten.',
    en: 'A quotation mark stands in the middle of a text. Look through the text.',
  },
  'sie-flag-set': {
    sv: 'Filen är märkt som redan inläst (#FLAGGA 1). Godkänn att den läses in ändå.',
    en: 'The file is marked as already imported (#FLAGGA 1). Consent to importing it all the same.',
  },
  'sie-type-contradicted': {
    sv: 'Filen säger typ {type} men har verifikationer. Den är läst som typ 4.',
    en: 'The file says type {type} but has vouchers. It is read as type 4.',
  },
  'sie-year-broken': {
    sv: 'Räkenskapsåret är brutet, {from} till {to}. En region har kalenderår.',
    en: 'The fiscal year is broken, {from} to {to}. A region has calendar years.',
  },
  'sie-date-outside-year': {
    sv: '{date} ligger utanför filens räkenskapsår, {from} till {to}.',
    en: '{date} lies outside the fiscal year of the file, {from} to {to}.',
  },
  'sie-registered-malformed': {
    sv: 'Registreringsdatumet "{date}" är inget datum och är utelämnat.',
    en: 'The registration date "{date}" is no date and is left out.',
  },
  'sie-quantity-malformed': { sv: 'Kvantiteten "{quantity}" är inget tal.', en: 'The quantity "{quantity}" is no number.' },
  'sie-account-undeclared': {
    sv: 'Konto {account} saknas i filens kontoplan.',
    en: 'Account {account} is missing from the chart of accounts in the file.',
  },
  'sie-dimension-undeclared': {
    sv: 'Dimension {dimension} används men är varken en standarddimension eller deklarerad med #DIM.',
    en: 'Dimension {dimension} is used but is neither a standard dimension nor declared with #DIM.',
  },
  'sie-parent-object-missing': {
    sv: 'Dimension {dimension} ligger under {parent}, men raden saknar objekt i {parent}.',
    en: 'Dimension {dimension} lies under {parent}, but the line has no object in {parent}.',
  },
  'sie-added-line-alone': {
    sv: 'Den tillagda raden på konto {account} följs inte av sin #TRANS. Den är räknad en gång.',
    en: 'The added line on account {account} is not followed by its #TRANS. It is counted once.',
  },
  'sie-added-line-differs': {
    sv: 'Den tillagda raden ({addedOre} kr) och #TRANS efter den (konto {account}, {amountOre} kr) är inte lika. #TRANS är räknad.',
    en: 'The added line ({addedOre} kr) and the #TRANS after it (account {account}, {amountOre} kr) are not alike. The #TRANS is counted.',
  },
  'sie-voucher-empty': { sv: 'Verifikation {voucher} har inga rader.', en: 'Voucher {voucher} has no lines.' },
  'sie-number-missing': {
    sv: 'Verifikationen saknar nummer fast filen är en export (4E). Den har fått ett av sitt innehåll.',
    en: 'The voucher has no number although the file is an export (4E). It was given one from its content.',
  },
  'sie-ksumma-unpaired': {
    sv: 'Kontrollsumman har ett värde men ingen början och kan inte prövas.',
    en: 'The control sum has a value but no beginning and cannot be verified.',
  },

  // warnings: stored with the event as found
  'warning-received-above-award': {
    sv: 'Mottaget på {decision} är {receivedOre} kr, beviljat {awardedOre} kr.',
    en: '{receivedOre} kr are received on {decision}, {awardedOre} kr were awarded.',
  },
  'warning-recognised-above-award': {
    sv: 'Intäktsfört på {decision} är {recognisedOre} kr, beviljat {awardedOre} kr.',
    en: '{recognisedOre} kr are recognised on {decision}, {awardedOre} kr were awarded.',
  },
  'warning-repaid-above-received': {
    sv: 'Återbetalt på {decision} är {repaidOre} kr, mottaget {receivedOre} kr.',
    en: '{repaidOre} kr are repaid on {decision}, {receivedOre} kr were received.',
  },
  'warning-other-grant-year': {
    sv: 'Beslut {decision} gäller bidragsår {grantYear}, bokfört i {period}.',
    en: 'Decision {decision} is for grant year {grantYear}, posted in {period}.',
  },
  'warning-outside-restriction': {
    sv: 'Händelsedatum {day} ligger utanför beslut {decision}: {from} till {to}.',
    en: 'The event date {day} lies outside decision {decision}: {from} to {to}.',
  },
  'warning-grant-without-decision': { sv: 'Bidrag {grant} har inget registrerat beslut.', en: 'Grant {grant} has no registered decision.' },
  'warning-allotted-above-award': {
    sv: 'Tilldelat av {decision} är {allottedOre} kr, beviljat {awardedOre} kr.',
    en: '{allottedOre} kr of {decision} are allotted, {awardedOre} kr were awarded.',
  },
  'warning-reallocated-above-allotment': {
    sv: 'Från {unit} har {aboveOre} kr mer omfördelats av {grant} år {year} än enheten tilldelats och fått.',
    en: '{aboveOre} kr more of {grant} in {year} have been reallocated from {unit} than it was allotted and given.',
  },
  'warning-closed-year': {
    sv: 'Rättelsen gäller det stängda året {year} och bokförs i {period}.',
    en: 'The correction concerns the closed year {year} and is posted in {period}.',
  },

  // findings: about rows of an accepted file
  'finding-without-counterparty': { sv: 'Verifikation {voucher} saknar motpart.', en: 'Voucher {voucher} has no counterparty.' },
  'finding-number-gap': { sv: 'I serie {series} saknas {from} till {to}.', en: 'Series {series} lacks {from} to {to}.' },
});
