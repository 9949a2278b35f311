system = सिस्टम
system-dead-letters = न सहेजी गई प्रविष्टियाँ
system-dead-letters-about = लॉग की सामग्री जिसे रिकॉर्डर सहेज नहीं सका।
system-dead-letters-none = ऐसी कोई प्रविष्टि नहीं।
system-time = समय
system-reason = कारण
system-size = आकार
count-bytes =
    { $count ->
        [one] { $count } बाइट
       *[other] { $count } बाइट
    }
system-log-entry = लॉग की प्रविष्टि
system-letter-sent = लॉग में जोड़ी गई। यदि फिर भी सहेजी न जा सके तो इस सूची में लौटेगी।
system-quarantine = संगरोध
system-quarantine-about = फ़ोनों के अनुरोध जिनके बिंदु पढ़े नहीं जा सके।
system-quarantine-none = संगरोध में कोई अनुरोध नहीं।
system-format = प्रारूप
system-points = बिंदु
system-path = पथ
system-query = क्वेरी
system-published =
    { $count ->
        [one] { $count } बिंदु प्रकाशित।
       *[other] { $count } बिंदु प्रकाशित।
    }
system-published-some =
    { $count ->
        [one] { $count } बिंदु प्रकाशित, { $refused } अब भी अस्वीकृत: { $reason }।
       *[other] { $count } बिंदु प्रकाशित, { $refused } अब भी अस्वीकृत: { $reason }।
    }
system-show = दिखाएँ
system-show-name = दिखाएँ: { $name }
system-send-again = फिर भेजें
system-send-again-name = फिर भेजें: { $name }
system-reload = फिर लोड करें
system-reload-list = { $list } फिर लोड करें
system-live = लाइव स्थितियाँ
system-redis = लॉग (Redis)
system-postgresql = इतिहास (PostgreSQL)
system-clock = घड़ी
system-ok = ठीक
system-degraded = सीमित
system-unavailable = अनुपलब्ध
system-standby = तैयार
system-recording = दर्ज कर रहा है
system-retrying = फिर कोशिश कर रहा है
system-starting = शुरू हो रहा है
system-the-drivers = ड्राइवरों
system-hub = हब
system-started = शुरू हुआ
system-connections = खुले कनेक्शन
system-clock-ahead = { $source } से घड़ी आगे
system-log = लॉग
system-entries = प्रविष्टियाँ
system-memory = मेमोरी
system-unlogged = लॉग की प्रतीक्षा में स्थितियाँ
system-no-redis = Redis जवाब नहीं देता।
system-recorder = रिकॉर्डर
system-backlog = प्रतीक्षारत प्रविष्टियाँ
system-lag = सबसे पुरानी की आयु
system-last-commit = पिछला कमिट
system-rows = शुरू होने से सहेजी गई स्थितियाँ
system-duplicates = पहले से सहेजी हुई स्थितियाँ
system-retries = दोबारा कोशिशें
system-lost = खोई हुई पुष्ट स्थितियाँ
system-last-error = पिछली त्रुटि
system-no-recorder = 15 सेकंड से किसी रिकॉर्डर ने सूचित नहीं किया।
system-not-stored = नहीं सहेजा गया
system-payloads = संगरोध में अनुरोध
system-points-in-them = उनमें बिंदु
system-no-postgresql = PostgreSQL जवाब नहीं देता।
system-parts = हब के भाग
system-version = संस्करण { $version }।
system-all-work = सभी भाग काम कर रहे हैं।
system-nodes = नोड
system-nodes-about = क्लाइंट को सेवा देने वाली प्रक्रियाएँ, एक ही Redis के सभी हब की।
system-node = नोड
system-node-version = संस्करण
system-serving = सेवा में
system-draining = बंद हो रहा है
system-behind = पीछे
system-up-to-date = अद्यतन
system-wait = प्रतीक्षा में
system-oldest = सबसे पुराना
system-given-up = छोड़े गए
system-replay = जो छोड़ा गया वह चैनल के लॉग से, या API के { $command } से फिर भेजा जाता है।
kibibytes = { $value } KiB
mebibytes = { $value } MiB
