## The page

page-title = बेड़ा · Location hub
skip = सामग्री पर जाएँ
fleet = बेड़ा
views = दृश्य
side = ड्राइवर, सूचनाएँ और क्षेत्र
map = मानचित्र
details = विवरण
needs-javascript = बेड़े को लाइव दिखाने के लिए इस पृष्ठ को JavaScript चाहिए।

## Language and units

settings = भाषा और इकाइयाँ
settings-language = भाषा
settings-browser = ब्राउज़र के अनुसार ({ $usual })
settings-units = दूरी और गति
settings-units-hint = फ़ाइलें और API मीटर और सेकंड में रहते हैं।
settings-usual = आपके क्षेत्र के चलन के अनुसार
settings-usual-day = आपके क्षेत्र के चलन के अनुसार ({ $day })
settings-metric = किलोमीटर और मीटर
settings-miles = मील और फ़ुट
settings-clock = दिन का समय
settings-clock-24 = 24 घंटे
settings-clock-12 = 12 घंटे
settings-week = सप्ताह का पहला दिन
settings-no-storage = ब्राउज़र इस पृष्ठ को सेटिंग सहेजने नहीं देता। उसकी सेटिंग में अनुमति दें।

## Start, views and session

theme-dark = गहरा
theme-light = हल्का
theme-change-dark = गहरे रंगों में बदलें
theme-change-light = हल्के रंगों में बदलें
try-again = फिर कोशिश करें
disconnected = कनेक्शन नहीं
api-no-answer = हब जवाब नहीं दे रहा।
api-log-in = फिर लॉग इन करें।
api-role = आपकी भूमिका इसकी अनुमति नहीं देती।
api-not-found = नहीं मिला। शायद हटा दिया गया हो।
api-taken = पहले से उपयोग में है।
api-changed = इस बीच किसी और उपयोगकर्ता ने बदल दिया।
api-too-large = अनुरोध बहुत बड़ा है।
api-invalid = अमान्य इनपुट: { $detail }।
api-error = त्रुटि: { $detail }।
analytics = विश्लेषण
view-not-loaded = यह दृश्य लोड नहीं हो सका। पृष्ठ फिर लोड करें: शायद हब अपडेट हुआ हो।
view-not-installed = इस दृश्य को ऐसे पैकेज चाहिए जो हब की स्थापना के समय डाउनलोड नहीं हो सके। नेटवर्क के साथ हब फिर स्थापित करें।
logged-out-elsewhere = आपने किसी और टैब में लॉग आउट किया।
session-ended = आपका सत्र समाप्त हो गया। फिर लॉग इन करें।
live = लाइव
connecting = कनेक्ट हो रहा है…
reconnecting = फिर कनेक्ट हो रहा है…
reconnecting-since = फिर कनेक्ट हो रहा है · { $duration } पहले तक का
stale-since = { $duration } से डेटा नहीं
disconnected-reason = कनेक्शन नहीं: { $reason }। फिर कनेक्ट करने के लिए पृष्ठ फिर लोड करें।
open-hub = खुला हब: लॉगिन आवश्यक नहीं
open-hub-title = कोई गुप्त शब्द तय नहीं है (HUB_JWT_SECRET)।
log-out = लॉग आउट
log-out-failed = लॉग आउट विफल रहा; आप अब भी लॉग इन हैं। { $reason }
password-new = नया पासवर्ड
password-hint = कम से कम 10 अक्षर। कुछ शब्द याद रखना आसान होता है।
password-again = नया पासवर्ड दोहराएँ
password-once = यह एक बार का पासवर्ड है। नया पासवर्ड चुनें।
log-in = लॉग इन
passwords-differ = पासवर्ड मेल नहीं खाते।
logging-in = लॉग इन हो रहा है…
password-choose = नया पासवर्ड चुनें।
password-wrong = उपयोगकर्ता नाम या पासवर्ड ग़लत है।
log-in-too-often = बहुत अधिक कोशिशें। { $duration } बाद फिर कोशिश करें।
log-in-unavailable = लॉगिन अभी उपलब्ध नहीं है। कुछ सेकंड बाद फिर कोशिश करें।
side-label = मानचित्र के पास
alerts-waiting =
    { $count ->
        [one] सूचनाएँ, { $count } खुली सूचना स्वीकार नहीं हुई
       *[other] सूचनाएँ, { $count } खुली सूचनाएँ स्वीकार नहीं हुईं
    }
all = सभी
summary-label = इस हालत के ड्राइवर दिखाएँ
filter-group = इस समूह के ड्राइवर दिखाएँ
filter-state = इस दशा के ड्राइवर दिखाएँ
filter-said = ड्राइवर, मानचित्र और सूचनाएँ छानी गई हैं।
filter-any-state = कोई भी दशा
