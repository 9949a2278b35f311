### Hindi; users are addressed with "आप". One word for each thing:
### alert = सूचना; alarm (of a device) = अलार्म; channel = चैनल; driver = ड्राइवर; fence = क्षेत्र; hub = हब; log of a
### channel = लॉग; phone token = फ़ोन टोकन; position = स्थिति; rule = नियम; share link = साझा लिंक; state = दशा; stop =
### ठहराव; track = पथ; trip = यात्रा; visit = पड़ाव

## Words of several parts of the page

save = सहेजें
create = बनाएँ
cancel = रद्द करें
close = बंद करें
edit = बदलें
delete = हटाएँ
retry = फिर कोशिश करें
show-more = और दिखाएँ
loading = लोड हो रहा है…
never = कभी नहीं
disabled = अक्षम
enable = सक्षम करें
disable = अक्षम करें
switch-off = बंद करें
switch-on = चालू करें
column-name = नाम
column-kind = प्रकार
column-state = दशा
column-driver = ड्राइवर
column-channel = चैनल
channels = चैनल
groups = समूह
drivers = ड्राइवर
time-zone = समय क्षेत्र
severity = गंभीरता
valid-for = वैधता
role = भूमिका
saved = { $name } सहेजा गया।
created = { $name } बनाया गया।
deleted = { $name } हटाया गया।
edit-name = { $name } बदलें
delete-name = { $name } हटाएँ
delete-title = { $name } को हटाएँ?
ids-hint = ड्राइवरों की आईडी, अल्पविराम से अलग; चुनने के लिए आईडी या नाम लिखें। खाली: सभी ड्राइवर।
send-to = इन्हें भेजें

## Numbers, times and states

duration-seconds = { $value } से॰
duration-minutes = { $value } मि॰
duration-hours = { $value } घं॰
duration-hours-minutes = { $hours } घं॰ { $minutes } मि॰
duration-days =
    { $value ->
        [one] { $value } दिन
       *[other] { $value } दिन
    }
duration-milliseconds = { $value } मि॰से॰
duration-ago = { $duration } पहले
age-now = अभी
age-seconds = { $value } से॰ पहले
age-minutes = { $value } मि॰ पहले
age-hours = { $value } घं॰ पहले
age-days =
    { $value ->
        [one] { $value } दिन पहले
       *[other] { $value } दिन पहले
    }
wind-north = उत्तर
wind-north-east = उत्तर-पूर्व
wind-east = पूर्व
wind-south-east = दक्षिण-पूर्व
wind-south = दक्षिण
wind-south-west = दक्षिण-पश्चिम
wind-west = पश्चिम
wind-north-west = उत्तर-पश्चिम
heading = { $wind }, { $degrees }°
state-free = खाली
state-busy = व्यस्त
state-off-duty = ड्यूटी पर नहीं
within-distance = { $distance } तक सटीक
share-percent = { $value }%
status-online = ऑनलाइन
status-stale = संकेत नहीं
status-offline = ऑफ़लाइन
status-stale-for = { $duration } से संकेत नहीं
status-offline-for = ऑफ़लाइन: { $duration } से संकेत नहीं
status-online-old = ऑनलाइन, { $duration } से स्थिति नहीं
status-last-known = आख़िरी ज्ञात: { $status }
heard-within = पिछले { $duration } में
clock-ahead = घड़ी { $span } आगे
clock-behind = घड़ी { $span } पीछे
problem-no-history = इस ड्राइवर की कोई स्थिति सहेजी नहीं है।
problem-history-unavailable = इतिहास अभी उपलब्ध नहीं है। लाइव ट्रैकिंग जारी है।
count-drivers =
    { $count ->
        [one] { $count } ड्राइवर
       *[other] { $count } ड्राइवर
    }
count-groups =
    { $count ->
        [one] { $count } समूह
       *[other] { $count } समूह
    }
count-positions =
    { $count ->
        [one] { $count } स्थिति
       *[other] { $count } स्थितियाँ
    }

## Forms

editor-empty = खाली
editor-conflict =
    { $others ->
        [driver] ड्राइवर या किसी और उपयोगकर्ता ने “{ $field }” को { $theirs } कर दिया; आपने { $mine } डाला था।
       *[user] किसी और उपयोगकर्ता ने “{ $field }” को { $theirs } कर दिया; आपने { $mine } डाला था।
    }
editor-taken =
    { $others ->
        [driver] ड्राइवर या किसी और उपयोगकर्ता ने “{ $field }” को { $theirs } कर दिया।
       *[user] किसी और उपयोगकर्ता ने “{ $field }” को { $theirs } कर दिया।
    }
editor-versions = “{ $field }” के दो संस्करण
editor-use-theirs = उनका संस्करण लें
editor-keep-mine = मेरा संस्करण रखें
editor-choose =
    { $others ->
        [driver] ड्राइवर या किसी और उपयोगकर्ता ने यह दशा बदली। चुनें कि कौन-सा संस्करण रहे।
       *[user]
            { $what ->
                [driver] किसी और उपयोगकर्ता ने यह ड्राइवर बदला। चुनें कि कौन-सा संस्करण रहे।
                [vehicle] किसी और उपयोगकर्ता ने यह वाहन बदला। चुनें कि कौन-सा संस्करण रहे।
                [notes] किसी और उपयोगकर्ता ने ये टिप्पणियाँ बदलीं। चुनें कि कौन-सा संस्करण रहे।
               *[user] किसी और उपयोगकर्ता ने यह उपयोगकर्ता बदला। चुनें कि कौन-सा संस्करण रहे।
            }
    }
editor-choose-first = पहले चुनें कि कौन-सा संस्करण रहे।
editor-saved =
    { $what ->
        [driver] ड्राइवर सहेजा गया।
        [vehicle] वाहन सहेजा गया।
        [state] दशा सहेजी गई।
        [notes] टिप्पणियाँ सहेजी गईं।
       *[user] उपयोगकर्ता सहेजा गया।
    }
editor-deleted =
    { $what ->
        [driver] किसी और उपयोगकर्ता ने यह ड्राइवर हटा दिया। रद्द करने तक आपका डाला हुआ बना रहेगा।
        [vehicle] किसी और उपयोगकर्ता ने यह वाहन हटा दिया। रद्द करने तक आपका डाला हुआ बना रहेगा।
        [state] ड्राइवर या किसी और उपयोगकर्ता ने यह दशा हटा दी। रद्द करने तक आपका डाला हुआ बना रहेगा।
        [notes] किसी और उपयोगकर्ता ने ये टिप्पणियाँ हटा दीं। रद्द करने तक आपका डाला हुआ बना रहेगा।
       *[user] किसी और उपयोगकर्ता ने यह उपयोगकर्ता हटा दिया। रद्द करने तक आपका डाला हुआ बना रहेगा।
    }
copy = कॉपी करें
copied = कॉपी हुआ
copied-name = { $label } कॉपी हुआ।
copy-by-hand = HTTP पर कॉपी नहीं हो सकता। पाठ चुना हुआ है: कीबोर्ड से कॉपी करें।
search = खोजें
search-list = { $list } में खोजें
no-match = “{ $text }” का कोई मेल नहीं।
actions = क्रियाएँ
chart-bars =
    { $per ->
        [driver] { $name } प्रति ड्राइवर, अधिकतम { $most } ({ $label })
       *[day] { $name } प्रति दिन, अधिकतम { $most } ({ $label })
    }
chart-bars-none =
    { $per ->
        [driver] { $name } प्रति ड्राइवर: कुछ नहीं
       *[day] { $name } प्रति दिन: कुछ नहीं
    }
chart-speed = दिखाए गए समय की गति, अधिकतम { $speed }
chart-speed-calculated = स्थितियों से गणना की गई
chart-speed-gaps =
    { $count ->
        [one] बिना स्थितियों के { $count } खंड
       *[other] बिना स्थितियों के { $count } खंड
    }

## Problems

problem-no-answer = हब जवाब नहीं दे रहा। नेटवर्क जाँचें, फिर कोशिश करें।
problem-session = आपका सत्र समाप्त हो गया। फिर लॉग इन करें; आपका डाला हुआ बना रहेगा।
problem-role = आपकी भूमिका इसकी अनुमति नहीं देती। किसी व्यवस्थापक से पूछें।
problem-deleted = किसी और उपयोगकर्ता ने हटा दिया।
problem-too-many = बहुत अधिक अनुरोध। थोड़ा रुकें, फिर कोशिश करें।
problem-unavailable = हब अभी उपलब्ध नहीं है। कुछ सेकंड बाद फिर कोशिश करें।
problem-pattern-id = 1 से 64 अक्षर A से Z, अंक और . _ : - बिना रिक्त स्थान के उपयोग करें।
problem-pattern-line = साधारण अक्षरों की एक पंक्ति उपयोग करें।
problem-too-long =
    { $limit ->
        [one] अधिकतम { $limit } अक्षर उपयोग करें।
       *[other] अधिकतम { $limit } अक्षर उपयोग करें।
    }
problem-too-short =
    { $limit ->
        [one] कम से कम { $limit } अक्षर उपयोग करें।
       *[other] कम से कम { $limit } अक्षर उपयोग करें।
    }
problem-failed = अनुरोध विफल रहा।
number-range = { $min } से { $max } तक की संख्या डालें।
whole-number-range = { $min } से { $max } तक की पूर्ण संख्या डालें।
problem-required = आवश्यक।
problem-too-small = कम से कम { $limit } डालें।
problem-too-large = अधिकतम { $limit } डालें।
problem-not-allowed = इनमें से एक उपयोग करें: { $allowed }।
