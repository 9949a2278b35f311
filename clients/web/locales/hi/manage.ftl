manage = प्रबंधन
manage-title = बेड़े का प्रबंधन
vehicles = वाहन
users = उपयोगकर्ता
share-links = साझा लिंक
api-keys = API कुंजियाँ
role-admin = व्यवस्थापक
role-dispatcher = डिस्पैचर
role-driver = ड्राइवर
role-gateway = गेटवे
role-dispatcher-about = डिस्पैचर: बेड़ा देखता है और ड्राइवर साझा करता है
role-admin-about = व्यवस्थापक: बेड़े का प्रबंधन भी करता है
role-key-dispatcher-about = डिस्पैचर: बेड़ा पढ़ता है और ड्राइवर साझा करता है
role-gateway-about = गेटवे: सभी ड्राइवरों की स्थितियाँ भेजता है

## Drivers and vehicles

groups-hint = नाम, अल्पविराम से अलग, जैसे vans, north। सूची और मानचित्र इनसे छाने जा सकते हैं।
phone-number = फ़ोन नंबर
driver-stale-after = इतने सेकंड बाद संकेत नहीं
driver-stale-after-hint = बिना किसी संकेत के; 5 से 604800। हब की सेटिंग के लिए खाली छोड़ें।
driver-offline-after = इतने सेकंड बाद ऑफ़लाइन
driver-offline-after-hint = उन सेकंडों से अधिक जिनके बाद संकेत नहीं माना जाता है। हब की सेटिंग के लिए खाली छोड़ें।
driver-id-hint = नाम से बनाई जाती है; अभी बदल सकते हैं, बाद में नहीं। फ़ोन, प्रोग्राम और लिंक ड्राइवर को इसी से पहचानते हैं, जैसे truck-17।
drivers-empty = अभी कोई ड्राइवर नहीं। एक बनाएँ, फिर फ़ोन जोड़ें।
driver-active = सक्रिय
driver-phones = फ़ोन
driver-phones-of = { $name } के फ़ोन
driver-history = इतिहास
driver-history-of = { $name } का इतिहास
driver-share = साझा करें
driver-share-name = { $name } साझा करें
enable-name = { $name } सक्षम करें
disable-name = { $name } अक्षम करें
is-disabled = { $name } अक्षम किया गया।
is-enabled = { $name } सक्षम किया गया।
disable-title = { $name } को अक्षम करें?
driver-disable-about = ड्राइवर के फ़ोनों की स्थितियाँ कुछ सेकंड में अस्वीकार होने लगेंगी, जब तक आप उसे फिर सक्षम न करें।
driver-delete-about = इसके फ़ोन अस्वीकार होंगे और साझा लिंक समाप्त होंगे। इतिहास बना रहेगा।
driver-new = नया ड्राइवर
id = आईडी
vehicle-plate = नंबर प्लेट
vehicle-type = प्रकार
vehicle-type-hint = जैसे वैन।
vehicle-driver-hint = ड्राइवर न हो तो खाली छोड़ें।
vehicles-empty = अभी कोई वाहन नहीं। एक बनाएँ, फिर ड्राइवर दें।
vehicle = वाहन
vehicle-no-driver = कोई नहीं
vehicle-delete-about = इसका ड्राइवर बना रहेगा, बिना वाहन के।
vehicle-id-hint = आपका अपना वाहन नंबर, जैसे van-7। बाद में बदला नहीं जा सकता।
vehicle-new = नया वाहन
driver-state-of = { $name } की दशा
driver-state-none = तय नहीं
driver-change-state = दशा बदलें
driver-connect = फ़ोन जोड़ें
retention-hint = मौजूदा के अलावा पूरे महीने; 0 सब रखता है। हब की सेटिंग के लिए खाली छोड़ें।
retention-hint-usual = मौजूदा के अलावा पूरे महीने; 0 सब रखता है। हब की सेटिंग, { $months }, के लिए खाली छोड़ें।
retention-months = इतिहास के महीने
retention-saved = इतिहास की सेटिंग सहेजी गई।
unregistered-about = ये ऐसी आईडी से स्थितियाँ भेजते हैं जो किसी पंजीकृत ड्राइवर की नहीं। जो बेड़े के हों उन्हें पंजीकृत करें।
unregistered = पंजीकृत नहीं: { $count }
unregistered-more =
    { $count ->
        [one] { $count } और यहाँ सूची में नहीं है।
       *[other] { $count } और यहाँ सूची में नहीं हैं।
    }
register = पंजीकृत करें
register-name = { $name } पंजीकृत करें
registered = { $name } पंजीकृत है।
import-title =
    { $what ->
        [vehicle] वाहन आयात करें
       *[driver] ड्राइवर आयात करें
    }
import-csv = CSV आयात करें
export-csv = CSV निर्यात करें
import-not-utf8 = फ़ाइल UTF-8 नहीं है। उसे “CSV UTF-8” के रूप में सहेजें, फिर चुनें।
import-unreadable = फ़ाइल बदल गई है या पढ़ी नहीं जा सकती। फिर चुनें।
import-nothing = कुछ नहीं बदलेगा।
import-problem = { $place }: { $problem }
import-correct = कुछ नहीं सहेजा गया। फ़ाइल सुधारें, फिर चुनें।
import = आयात करें
import-columns = फ़ाइल की पहली पंक्ति उसके स्तंभों के नाम देती है: { $columns }। केवल पहला आवश्यक है।
import-about = ज्ञात आईडी बदली जाती हैं, बाक़ी बनाई जाती हैं। बिना स्तंभ का खाना बना रहता है; ख़ाली कोष्ठ अपना खाना ख़ाली करता है।
import-file = CSV फ़ाइल
import-sums = नए: { $created }, बदले: { $changed }, वैसे ही: { $unchanged }
sentence = { $text }।

## Phones

phone-open = यह हब खुला है: फ़ोन टोकन नहीं चाहिए, और इस तक पहुँचने वाला कोई भी फ़ोन स्थितियाँ भेज सकता है। ऐप में यह URL डालें:
phone-open-local = कोई फ़ोन इस URL तक नहीं पहुँच सकता: खुला हब केवल इसी कंप्यूटर से मिलता है। फ़ोनों के लिए हब को HUB_JWT_SECRET=auto और HUB_HOST=0.0.0.0 के साथ शुरू करें।
phone-url = ऐप के लिए URL
phone = फ़ोन
phone-hint = नीचे की सूची के लिए नाम, जैसे: सैमसंग, दिन की पाली।
phone-none = कोई फ़ोन टोकन नहीं।
phone-unnamed = बिना नाम का फ़ोन
phone-since = { $name } · { $time } से
phone-revoke-about = फ़ोन कुछ सेकंड में अस्वीकार होगा।
phone-qr = URL का QR कोड
phone-once = केवल एक बार दिखाया जाता है। अभी स्कैन या कॉपी करें। जिसके पास यह URL हो वह इस ड्राइवर के रूप में स्थितियाँ भेज सकता है।
phone-create = फ़ोन टोकन बनाएँ
phone-tokens = फ़ोन टोकन
phone-unreachable = URL इस कंप्यूटर का नाम देता है, इसलिए कोई फ़ोन उस तक नहीं पहुँच सकता। यह पृष्ठ ऐसे पते पर खोलें जिस तक फ़ोन पहुँचें, या HUB_PUBLIC_URL तय करें, और फ़ोन टोकन फिर बनाएँ।
phone-private = केवल इस नेटवर्क के फ़ोन URL तक पहुँचते हैं: उसका पता निजी है।
phone-traccar = { $app } ऊपर का URL सर्वर URL के रूप में डालें और सेवा शुरू करें।
phone-owntracks = { $app } मोड HTTP करें और ऊपर का URL डालें, बिना एन्क्रिप्शन के।
phone-both = दोनों:
phone-both-about = { $both } स्थान की पहुँच हमेशा की अनुमति दें, और ऐप को बैटरी बचत से बाहर रखें।
revoke = निरस्त करें
revoke-name = { $name } निरस्त करें
revoke-title = { $name } को निरस्त करें?
is-revoked = { $name } निरस्त किया गया।

## Share links

share-hour = 1 घंटा
share-hours-4 = 4 घंटे
share-hours-12 = 12 घंटे
share-day = 1 दिन
share-week = 1 सप्ताह
share-custom = अपना अंत
share-name = प्राप्तकर्ताओं को दिखने वाला नाम
share-name-hint = ड्राइवर आईडी की जगह दिखता है।
share-until = तक
share-until-hint = आपके समय क्षेत्र में, अभी से अधिकतम एक सप्ताह।
share-need-time = तारीख़ और समय चुनें।
share-link = साझा लिंक
share-create = साझा लिंक बनाएँ
share-nearby = आस-पास की कारें
share-end-title = साझा लिंक { $name } समाप्त करें?
share-end-about = लिंक तुरंत काम करना बंद कर देगा।
share-end-link = साझा लिंक समाप्त करें
share-ended = साझा लिंक समाप्त हुआ।
share-line-driver = { $name } ({ $driver }) · { $time } तक
share-line = { $name } · { $time } तक
share-end = समाप्त करें
share-end-name = साझा लिंक { $name } समाप्त करें

## Users and API keys

users-empty = कोई उपयोगकर्ता नहीं।
user = उपयोगकर्ता
user-you = { $name } (आप)
user-invited = निमंत्रण लंबित
user-active = सक्रिय
user-role-of = { $name } की भूमिका बदलें
user-reset = पासवर्ड रीसेट करें
user-reset-of = { $name } का पासवर्ड रीसेट करें
user-reset-title = { $name } का पासवर्ड रीसेट करें?
user-reset-about = पुराना पासवर्ड और इस उपयोगकर्ता के सभी सत्र तुरंत समाप्त होंगे।
user-disable-about = इस उपयोगकर्ता के सभी सत्र कुछ सेकंड में समाप्त होंगे।
user-delete-about = इस उपयोगकर्ता के सभी सत्र समाप्त होंगे।
user-name = उपयोगकर्ता नाम
user-new = नया उपयोगकर्ता
user-password-of = { $name } का पासवर्ड
user-password-once = केवल एक बार दिखाया जाता है और एक लॉगिन के लिए वैध है, जिसमें उपयोगकर्ता नया पासवर्ड चुनता है। उपयोगकर्ता को स्वयं दें।
user-password = एक बार का पासवर्ड
key-until-revoked = निरस्त होने तक
key-days-30 = 30 दिन
key-days-90 = 90 दिन
key-year = 1 वर्ष
keys-empty = कोई API कुंजी नहीं।
key = कुंजी
key-prefix = आरंभ
key-last-used = पिछला उपयोग
key-expires = समाप्ति
key-expired = समाप्त
key-revoke-about = प्रोग्राम कुछ सेकंड में अस्वीकार होगा।
key-name-hint = कुंजी का उपयोग करने वाला प्रोग्राम, जैसे: ERP, बिलिंग।
key-new = नई API कुंजी
key-of = { $name } की API कुंजी
key-once = केवल एक बार दिखाई जाती है। अभी कॉपी करें और प्रोग्राम के गुप्त शब्द की तरह रखें।
api-key = API कुंजी
