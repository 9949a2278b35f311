## Rules

rule-kind-fence-entered = किसी क्षेत्र में प्रवेश करे
rule-kind-fence-exited = किसी क्षेत्र से निकले
rule-kind-fence-crossed = किसी क्षेत्र से होकर गुज़रे
rule-kind-fence-dwelled = किसी क्षेत्र में रुके
rule-kind-fence-inside = समय-सारणी शुरू होने पर किसी क्षेत्र के भीतर हो
rule-kind-fence-outside = समय-सारणी शुरू होने पर किसी क्षेत्र के बाहर हो
rule-kind-overspeed = बहुत तेज़ चलाए
rule-kind-stopped = बहुत देर खड़ा रहे
rule-kind-offline = कुछ न भेजे
rule-kind-battery = की बैटरी कम हो
rule-kind-alarm = अलार्म भेजे
rule-kind-trip-started = यात्रा शुरू करे
rule-kind-trip-ended = यात्रा समाप्त करे
rule-kind-maintenance = का रखरखाव देय हो
severity-info = जानकारी
severity-warning = चेतावनी
severity-critical = गंभीर
alert-open = खुली
alert-resolved = समाप्त
alert-corrected = नहीं हुआ
alert-acknowledged = स्वीकृत
alert-held-late = नहीं भेजी गई: बहुत देर से आई
alert-held-cooldown = नहीं भेजी गई: नियम के विराम में
alert-held-digest = सारांश की प्रतीक्षा में
alert-held-other = नहीं भेजी गई: { $reason }
rule-dwell = क्षेत्र में मिनट
rule-dwell-hint = क्षेत्र के रुकने के समय के लिए खाली छोड़ें।
rule-speed-limit = गति सीमा { $unit } में
rule-seconds-above = उससे ऊपर सेकंड
rule-standing = खड़े रहने के मिनट
rule-silent = बिना स्थिति के मिनट
rule-battery-below = चार्ज % जिस पर यह शुरू हो
rule-battery-above = चार्ज % जिस पर यह समाप्त हो
rule-distance-between =
    { $unit ->
        [mi] दो रखरखावों के बीच मील
       *[km] दो रखरखावों के बीच किलोमीटर
    }
rule-distance-hint = केवल दिन गिनने के लिए खाली छोड़ें।
rule-distance-before =
    { $unit ->
        [mi] पहले चले मील
       *[km] पहले चले किलोमीटर
    }
rule-days-between = दो रखरखावों के बीच दिन
rule-days-hint =
    { $unit ->
        [mi] मील के साथ: जो पहले हो।
       *[km] किलोमीटर के साथ: जो पहले हो।
    }
rule-number = { $label }: { $value }
rule-cooldown = उसी ड्राइवर की सूचना के बाद विराम, मिनटों में
rule-digest = मिनट जिनमें सूचनाएँ एक साथ भेजी जाती हैं
rule-max-age = मिनट जिनके बाद सूचना केवल सूची में आती है
rule-name-hint = इसकी सूचनाओं का शीर्षक।
rule-kind = सूचना, जब ड्राइवर
rule-fences = क्षेत्र
rule-fences-hint = कोई नहीं चुना: सभी क्षेत्र।
rule-fences-empty = अभी कोई क्षेत्र नहीं है। मानचित्र पर “क्षेत्र” टैब में एक बनाएँ।
rule-alarms = अलार्म
rule-alarms-hint = जैसे sos, अल्पविराम से अलग। खाली: सभी।
rule-channels-empty = कोई चैनल नहीं है: सूचनाएँ केवल सूची में आती हैं।
rule-tell-resolved = समाप्त होने पर भी बताएँ
rule-more = दोहराव और आयु
rule-conflict = किसी और उपयोगकर्ता ने यह नियम बदला। आपका डाला हुआ बना है; केवल ये खाने बदलने के लिए फिर सहेजें।
rule-new = नया नियम
rules = नियम
rules-empty = अभी कोई नियम नहीं। नियम सूचना बनाता है, जैसे जब कोई ड्राइवर किसी क्षेत्र में प्रवेश करे।
rule-column = नियम
rule-on = चालू
rule-off = बंद
switch-off-name = { $name } बंद करें
switch-on-name = { $name } चालू करें
is-on = { $name } चालू है।
is-off = { $name } बंद है।
rule-delete-about = इसकी सूचनाएँ सूची में रहेंगी।
rule-some-fences =
    { $count ->
        [one] क्षेत्रों में से { $count }
       *[other] क्षेत्रों में से { $count }
    }
rule-some-drivers =
    { $count ->
        [one] ड्राइवरों में से { $count }
       *[other] ड्राइवरों में से { $count }
    }
rule-certain-times = निश्चित समय पर
monday = सोमवार
tuesday = मंगलवार
wednesday = बुधवार
thursday = गुरुवार
friday = शुक्रवार
saturday = शनिवार
sunday = रविवार
schedule-complex = इस नियम में दिन में कई अंतराल हैं, या ऐसे दिन जिन पर यह रुकता है। वे बने रहेंगे; उन्हें API से बदलें।
schedule-limited = केवल निश्चित समय पर
schedule-days = दिन
from = से
to = तक
schedule-end-hint = “से” के बाद न हो तो: अगले दिन।

## The list of alerts

feed-all = सभी सूचनाएँ
feed-unacknowledged = जो स्वीकार नहीं हुईं
feed-search = सूचनाएँ खोजें
feed-state = इस दशा की सूचनाएँ दिखाएँ
feed-severity = इस गंभीरता की सूचनाएँ दिखाएँ
feed-any-severity = कोई भी गंभीरता
feed-signals = नई सूचनाओं के संकेत
feed-sound = ध्वनि
feed-notifications = अधिसूचनाएँ
feed-push-title = इस ब्राउज़र को भेजी जाती हैं, पृष्ठ बंद होने पर भी
feed-push = पुश: { $channel }
alerts = सूचनाएँ
feed-count =
    { $count ->
        [one] { $count } सूचना।
       *[other] { $count } सूचनाएँ।
    }
feed-loading = सूचनाएँ लोड हो रही हैं…
feed-none-match = कोई मेल खाती सूचना नहीं। खोज मिटाएँ, या “सभी सूचनाएँ” चुनें।
feed-none = अभी कोई सूचना नहीं।
feed-none-about = नियम सूचना बनाता है, जैसे जब कोई ड्राइवर किसी क्षेत्र में प्रवेश करे। नियम “प्रबंधन” पृष्ठ पर बनाए जाते हैं।
feed-show-driver = ड्राइवर { $name } दिखाएँ
feed-show-moment = स्थान और क्षण दिखाएँ: { $text }
feed-moment = क्षण
feed-show-fence = इसका क्षेत्र दिखाएँ: { $text }
feed-fence = क्षेत्र
feed-acknowledge = स्वीकार करें
feed-acknowledge-alert = स्वीकार करें: { $text }
feed-acknowledged = स्वीकार किया गया।
feed-done = हो गया
feed-done-alert = हो गया: { $text }
feed-done-title = रखरखाव हो गया: अब से गिनें
feed-done-said = रखरखाव अब से गिना जाएगा।
push-ended = इस ब्राउज़र को अब संदेश नहीं मिलेंगे।
push-denied = ब्राउज़र इस पृष्ठ की अधिसूचनाओं की अनुमति नहीं देता। उसकी सेटिंग में अनुमति दें।
push-failed = ब्राउज़र सदस्यता नहीं ले सकता: { $reason }
push-begun = इस चैनल की सूचनाएँ इस ब्राउज़र तक पहुँचेंगी, पृष्ठ बंद होने पर भी।
signals-https = यह ब्राउज़र केवल HTTPS से आए पृष्ठों की अधिसूचनाएँ दिखाता है।

## Channels

channel-webhook-about = आपके प्रोग्राम को हर संदेश JSON के रूप में, हस्ताक्षर सहित मिलता है। आज़माने के लिए चलाएँ: hub listen
channel-webhook-url-hint = HTTPS, या ऐसा पता जिसकी अनुमति सेटिंग HUB_HOOKS_ALLOW दे।
channel-traccar-about = ऐसा प्रोग्राम जो Traccar का आगे भेजा हुआ पढ़े। नीचे चुनने पर स्थितियाँ आगे भेजी जाती हैं।
channel-traccar-token = बेयरर टोकन
channel-mqtt-about = हर ड्राइवर के लिए ब्रोकर का एक टॉपिक। नीचे चुनने पर स्थितियाँ प्रकाशित होती हैं।
channel-user = उपयोगकर्ता
channel-password = पासवर्ड
channel-nats-about = हर ड्राइवर के लिए एक विषय। नीचे चुनने पर स्थितियाँ प्रकाशित होती हैं।
channel-token = टोकन
channel-email = ईमेल
channel-email-about = हर पते को अपना संदेश मिलता है। हब को HUB_SMTP_URL चाहिए।
channel-email-to = पते
channel-email-to-hint = अल्पविराम से अलग।
channel-apprise-about = कई अन्य सेवाएँ, Apprise के प्रारूप के URL से। हब को HUB_APPRISE चाहिए।
channel-webpush = ब्राउज़र अधिसूचनाएँ
channel-webpush-about = ब्राउज़र ख़ुद सदस्यता लेते हैं, और इस पृष्ठ के बंद होने पर भी संदेश पाते हैं।
channel-incoming-webhook = आने वाले वेबहुक का URL
channel-webhook-url = वेबहुक का URL
channel-workflow-url = वर्कफ़्लो का URL
channel-chat = चैट
channel-chat-hint = उसकी संख्या, या @ सहित किसी सार्वजनिक चैनल का नाम।
channel-bot-token = बॉट का टोकन
channel-topic-url = टॉपिक का URL
channel-access-token = एक्सेस टोकन
channel-access-token-hint = सार्वजनिक टॉपिक के लिए खाली छोड़ें।
channel-event-position = हर स्थिति
channel-event-fence = क्षेत्रों की हर घटना
channel-event-trip = यात्राओं की हर घटना
channel-event-channel = जब कोई और चैनल अक्षम हो
channel-active = सक्रिय
channel-paused = रुका हुआ
channel-failing = विफल हो रहा
channel-secret-kept = मौजूदा रखने के लिए खाली छोड़ें।
channel-events = बिना नियम के भेजें
channel-events-hint = नियम अपने चैनल ख़ुद चुनते हैं।
channel-conflict = किसी और उपयोगकर्ता ने यह चैनल बदला। आपका डाला हुआ बना है; केवल ये खाने बदलने के लिए फिर सहेजें।
channel-new = नया चैनल
channels-empty = अभी कोई चैनल नहीं। सूचनाएँ मानचित्र पृष्ठ पर रहती हैं, और अपने नियम के चैनलों से भेजी जाती हैं।
channel-receiver = प्राप्तकर्ता
channel-test = जाँचें
channel-test-name = { $name } जाँचें
channel-log = लॉग
channel-log-name = { $name } का लॉग
channel-pause = रोकें
channel-resume = फिर शुरू करें
channel-pause-name = { $name } रोकें
channel-resume-name = { $name } फिर शुरू करें
channel-new-secret = नया गुप्त शब्द
channel-new-secret-name = { $name } का नया गुप्त शब्द
channel-is = { $name }: { $state }।
channel-secret-about = संदेश नए गुप्त शब्द से और एक दिन तक मौजूदा से भी हस्ताक्षरित होते हैं।
channel-secret-title = { $name } के लिए नया गुप्त शब्द?
channel-secret-create = गुप्त शब्द बनाएँ
channel-secret-of = { $name } का गुप्त शब्द
channel-secret-once = केवल एक बार दिखाया जाता है। प्राप्तकर्ता इससे संदेशों के हस्ताक्षर जाँचता है।
channel-secret = गुप्त शब्द
channel-secret-try = इस मशीन के टर्मिनल में संदेश आते देखने के लिए:
channel-command = आदेश
channel-delete-about = प्रतीक्षारत संदेश नहीं भेजे जाएँगे, और इसका लॉग हट जाएगा।
delivery-pending = प्रतीक्षा में
delivery-sent = पहुँचाया गया
delivery-dead = छोड़ दिया गया
delivery-skipped = नहीं भेजा गया
delivery-none = अभी कुछ नहीं भेजा गया।
delivery-test-failed = जाँच विफल रही: { $outcome }
delivery-test-arrived = जाँच पहुँच गई: { $outcome }
delivery-no-browser = किसी ब्राउज़र ने इस चैनल की सदस्यता नहीं ली है।
delivery-sending = जाँच भेजी जा रही है…
delivery-channel-off = चैनल रुका हुआ या अक्षम है। पहले उसे फिर शुरू करें।
delivery-send-test = जाँच भेजें
delivery-answered = प्राप्तकर्ता ने { $status } उत्तर दिया
delivery-confirmation = पुष्टि हुई
delivery-confirmed = { $answer }।
delivery-confirmed-after = { $answer }, { $time } बाद।
delivery-no-answer = कोई उत्तर नहीं
delivery-soon = जल्द भेजा जाएगा।
delivery-next = { $reason }। अगली कोशिश { $time } बजे।
delivery-was-off = चैनल रुका हुआ या अक्षम था।
delivery-tried =
    { $count ->
        [one] { $reason }। { $count } बार कोशिश हुई।
       *[other] { $reason }। { $count } बार कोशिश हुई।
    }
delivery-content = सामग्री
