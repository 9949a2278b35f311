## The user's own account, and logins with a provider

account = खाता
account-open-hub = यह हब खुला है: इसमें खाते नहीं हैं।
account-connected-now = आपका खाता { $provider } से जुड़ गया है।
account-user = उपयोगकर्ता: { $name }
password-change = पासवर्ड बदलें
password-about = नया पासवर्ड आपके दूसरे सत्र समाप्त करता है।
password-current = मौजूदा पासवर्ड
password-changed = पासवर्ड बदल दिया गया और आपके दूसरे सत्र समाप्त हो गए।
factor-on = चालू। बचे हुए रिकवरी कोड: { $count }।
factor-off = बंद। इसके साथ पासवर्ड से लॉग इन में प्रमाणीकरण ऐप का कोड भी चाहिए।
factor-of-provider = { $provider } से लॉग इन में प्रदाता का दूसरा कारक होता है।
factor-switch-off = दूसरा कारक बंद करें
factor-set-up-verb = सेट करें
factor-set-up = दूसरा कारक सेट करें
factor = दूसरा कारक
factor-required = यह हब इसे अनिवार्य करता है।
account-connected = जुड़ा है: आप { $provider } से लॉग इन कर सकते हैं।
account-not-connected = जुड़ा नहीं है। { $provider } से लॉग इन के लिए जोड़ें।
account-connect-verb = जोड़ें
account-connect = खाते को { $provider } से जोड़ें
password-enter-again = अपना पासवर्ड फिर डालें।
continue = आगे बढ़ें
factor-is-on = दूसरा कारक चालू है।
factor-is-off = दूसरा कारक बंद है।
connect-to = { $provider } से जोड़ें
code-wrong = ग़लत कोड, या पहले उपयोग किया हुआ कोड।
password-is-wrong = ग़लत पासवर्ड।
code-enter = अपने प्रमाणीकरण ऐप का कोड डालें।
factor-hub-requires = यह हब दूसरा कारक अनिवार्य करता है।
log-in-with = { $provider } से लॉग इन करें
log-in-once = एक बार के पासवर्ड से लॉग इन करें
code = कोड
code-hint = आपके प्रमाणीकरण ऐप के छह अंक, या रिकवरी कोड।
factor-scan = इस कोड को प्रमाणीकरण ऐप से स्कैन करें, या उसमें कुंजी टाइप करें। फिर ऐप का दिखाया कोड डालें।
factor-qr = कुंजी का QR कोड
factor-key = ऐप के लिए कुंजी
recovery-codes = रिकवरी कोड
recovery-codes-about = केवल एक बार दिखाए जाते हैं। हर कोड एक बार ऐप के कोड की जगह लेता है, उस दिन के लिए जब फ़ोन खो जाए। उन्हें फ़ोन से अलग रखें।
login-expired = लॉग इन में बहुत समय लगा, या वह किसी और विंडो में शुरू हुआ। फिर कोशिश करें।
login-cancelled = { $provider } से लॉग इन रद्द हुआ।
login-refused = { $provider } का उत्तर अस्वीकार हुआ। फिर कोशिश करें; दोबारा हो तो व्यवस्थापक को बताएँ: कारण हब के लॉग में है।
login-provider-silent = { $provider } जवाब नहीं दे रहा। बाद में कोशिश करें, या पासवर्ड से लॉग इन करें।
login-limit = बहुत अधिक कोशिशें। कुछ मिनट बाद फिर कोशिश करें।
login-unknown = { $provider } का आपका खाता किसी उपयोगकर्ता से जुड़ा नहीं है। पासवर्ड से लॉग इन करके “खाता” में जोड़ें, या व्यवस्थापक से पूछें।
login-not-admitted = { $provider } के आपके खाते की इस हब में कोई भूमिका नहीं है। व्यवस्थापक से पूछें।
login-name-taken = आपके नाम का उपयोगकर्ता मौजूद है। यदि वह आपका है, तो पासवर्ड से लॉग इन करके “खाता” में खाता जोड़ें।
login-disabled = आपका उपयोगकर्ता अक्षम है। व्यवस्थापक से पूछें।
login-last-admin = { $provider } अंतिम व्यवस्थापक की भूमिका हटा देता। पहले किसी और को व्यवस्थापक बनाएँ।
login-other-user = { $provider } का यह खाता किसी और उपयोगकर्ता से जुड़ा है।
login-session-ended = खाता जुड़ते समय आपका सत्र समाप्त हो गया। लॉग इन करके फिर कोशिश करें।
user-login = लॉगिन
user-provider = प्रदाता
user-remove-factor = दूसरा कारक हटाएँ
user-remove-factor-of = { $name } का दूसरा कारक हटाएँ
user-remove-factor-title = { $name } का दूसरा कारक हटाएँ?
user-remove-factor-about = तब केवल पासवर्ड काफ़ी होगा।
user-factor-removed = { $name } का दूसरा कारक हटाया गया।
user-disconnect = अलग करें
user-disconnect-name = { $name } को प्रदाता से अलग करें
user-disconnect-title = { $name } को प्रदाता से अलग करें?
user-disconnected = { $name } अलग किया गया।
kiosk-reconnecting = फिर कनेक्ट हो रहा है
kiosk-stale-since = डेटा नहीं · { $duration } पहले तक का
offline-positions = ऑफ़लाइन। { $time } की स्थितियाँ।
offline-delete = ये स्थितियाँ हटाएँ
update-reload = नए संस्करण के लिए फिर लोड करें
update-ready = इस पृष्ठ का नया संस्करण तैयार है।
sheet-low = मानचित्र पूरी विंडो में है।
sheet-half = मानचित्र और सूची।
sheet-full = सूची पूरी विंडो में है।
sheet-show = सूची दिखाएँ
sheet-enlarge = सूची बड़ी करें
sheet-hide = सूची छिपाएँ
open-in-app = इस उपकरण का ऐप
open-in = इसमें खोलें…
playback-at = चलाना { $time } पर है।
day-from-to = { $from } → { $to }
notes-edit = टिप्पणियाँ बदलें
photo = फ़ोटो
photo-change = फ़ोटो बदलें
details-label = ड्राइवर और वाहन
details-unread = टिप्पणियाँ और फ़ोटो पढ़े नहीं जा सके। { $reason }
notes-add = टिप्पणियाँ जोड़ें
photo-of = { $name } की फ़ोटो
notes = टिप्पणियाँ
notes-about = { $name } के बारे में टिप्पणियाँ
photo-file = चित्र
photo-file-hint = इसे 512 पिक्सेल तक छोटा किया जाता है। खींचने का स्थान और उपकरण नहीं भेजे जाते।
photo-choose = चित्र चुनें।
photo-unreadable = यह ब्राउज़र फ़ाइल को चित्र के रूप में नहीं पढ़ सकता।
photo-saved = फ़ोटो सहेजी गई।
photo-deleted = फ़ोटो हटाई गई।
photo-delete = फ़ोटो हटाएँ
list-search-labels = नाम, आईडी, फ़ोन या वाहन से ड्राइवर खोजें
list-search-title = नाम, आईडी, फ़ोन नंबर, या वाहन की नंबर प्लेट, नाम और प्रकार
panel-place = स्थान

## Share links to several drivers

share-several = कोई समूह या कई ड्राइवर साझा करें
share-chosen-drivers = चुने हुए ड्राइवर
share-group-hint = लिंक हर क्षण समूह के ड्राइवर दिखाता है।
share-ids-hint = ड्राइवर आईडी, अल्पविराम से अलग।
share-show-names = ड्राइवरों के नाम दिखाएँ
share-need-driver = कम से कम एक ड्राइवर आईडी डालें।
share-several-hint = पृष्ठ का शीर्षक।
share-none-of =
    { $of ->
        [several] समूहों और कई ड्राइवरों का कोई साझा लिंक नहीं।
       *[driver] इस ड्राइवर का कोई साझा लिंक नहीं।
    }
share-once-of =
    { $of ->
        [several] केवल एक बार दिखाया जाता है। जिसके पास यह लिंक हो वह { $time } तक इन ड्राइवरों की लाइव स्थितियाँ देखता है।
       *[driver] केवल एक बार दिखाया जाता है। जिसके पास यह लिंक हो वह { $time } तक ड्राइवर की लाइव स्थिति देखता है।
    }
share-links-of =
    { $of ->
        [several] समूहों और कई ड्राइवरों के साझा लिंक
       *[driver] इस ड्राइवर के साझा लिंक
    }
share-none-at-all = कोई साझा लिंक नहीं। बनाने के लिए ड्राइवर खोलें, या ड्राइवरों की सूची के ऊपर “समूह साझा करें” चुनें।
share-group-button = समूह साझा करें
share-group = समूह { $group }
shared-locations = साझा स्थान
shared-locations-over = यह साझा लिंक समाप्त हो चुका है या समाप्त किया गया।
shared-locations-lost = कनेक्शन टूट गया। आख़िरी ज्ञात स्थितियाँ दिखाई जा रही हैं। फिर कनेक्ट हो रहा है…
shared-locations-none = अभी कोई स्थिति नहीं। मिलते ही यहाँ दिखेंगी।
shared-locations-ended = साझा स्थान समाप्त
shared-lost-newest = कनेक्शन टूट गया · नवीनतम स्थिति { $age }
shared-some = { $drivers } में से { $shown }
shared-online = { $count } ऑनलाइन
shared-newest = नवीनतम स्थिति { $age }
shared-map-title = साझा स्थानों का मानचित्र
shared-no-map = मानचित्र नहीं दिखाया जा सकता।
share-several-needs-javascript = साझा स्थान दिखाने के लिए इस पृष्ठ को JavaScript चाहिए।

## The search on the map, places, and its tools

finder-coordinates = निर्देशांक
finder-address = पता
finder = मानचित्र में खोजें
finder-search = स्थान खोजें
finder-label = स्थान, निर्देशांक, ड्राइवर और क्षेत्र खोजें
finder-results = परिणाम
finder-addresses = “{ $text }” के पते खोजें
finder-searching = पते खोजे जा रहे हैं…
finder-count =
    { $count ->
        [one] { $count } परिणाम। तीर कुंजियों से चुनें।
       *[other] { $count } परिणाम। तीर कुंजियों से चुनें।
    }
finder-nothing = “{ $text }” के लिए कुछ नहीं मिला।
finder-shown = मानचित्र { $name } दिखाता है।
finder-found = मिला: { $name }
place-in-country = { $name }, { $country }
place-near = { $name } से { $distance } { $wind }
map-places-by = स्थानों के नाम: { $source }
own-position-denied = यह पृष्ठ आपकी स्थिति नहीं पढ़ सकता। ब्राउज़र में अनुमति दें; HTTPS भी चाहिए।
own-position-unknown = यह उपकरण आपकी स्थिति नहीं जानता।
own-position-late = आपकी स्थिति समय पर नहीं मिली। फिर कोशिश करें।
ruler = दूरी मापें
ruler-remove-last = अंतिम हटाएँ
ruler-done = हो गया
ruler-drawing = मापने से पहले बनाना पूरा करें।
ruler-ended = मापना समाप्त।
ruler-first = पहले बिंदु पर क्लिक करें, या मानचित्र के बीच के लिए Enter दबाएँ।
ruler-next = अगले बिंदु पर क्लिक करें।
ruler-over = { $count } बिंदुओं पर
own-position = मेरा स्थान खोजें
own-position-unavailable = स्थान उपलब्ध नहीं
map-attribution = स्रोत दिखाएँ या छिपाएँ
vehicle-truck = ट्रक
vehicle-van = वैन
vehicle-bus = बस
vehicle-car = कार
vehicle-motorcycle = मोटरसाइकिल
vehicle-bicycle = साइकिल
vehicle-foot = पैदल
