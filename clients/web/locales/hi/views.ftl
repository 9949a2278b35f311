## The list of drivers

order-status = कनेक्शन
order-speed = गति
order-age = पिछली स्थिति
list-search = ड्राइवर खोजें
list-sort = ड्राइवर क्रम
list-none-match = कोई मेल खाता ड्राइवर नहीं। खोज मिटाएँ, या “सभी”, “सभी समूह” और “कोई भी दशा” चुनें।
list-none = अभी किसी ड्राइवर ने सूचित नहीं किया।
list-none-about = ड्राइवर अपनी पहली स्थिति के साथ यहाँ दिखते हैं।
list-simulate = 500 नकली ट्रक देखने के लिए चलाएँ:
list-connect = { $link }, या अपने ऐप से स्थितियाँ भेजें।
list-connect-link = ड्राइवर बनाएँ और फ़ोन जोड़ें
standing = खड़ा

## The panel of a driver

panel-heading = दिशा
panel-accuracy = सटीकता
panel-battery = बैटरी
panel-altitude = ऊँचाई
panel-driver-id = ड्राइवर आईडी
follow = फ़ॉलो करें
panel-latest = नवीनतम स्थिति
panel-heard = पिछला संकेत
panel-coordinates = निर्देशांक
panel-no-position = कोई लाइव स्थिति नहीं। नीचे इतिहास हो सकता है।
panel-clock = { $warning }: उपकरण ग़लत समय भेजता है। आयु सुधारी गई हैं; इतिहास में उपकरण के समय रहते हैं।
coordinates-copied = निर्देशांक कॉपी हुए।
coordinates-selected = निर्देशांक चुने गए। कीबोर्ड से कॉपी करें।
selected = चुना गया

## A day

day-next = अगला दिन
day-previous = पिछला दिन
today = आज
day-label = एक दिन की यात्राएँ और ठहराव
day-field = दिन, { $zone } के समय में
day-zone = { $zone } के दिन और समय।
playback = पुनः चलाना
files-label = इस दिन की फ़ाइलें
files = पथ डाउनलोड करें
day-loading = यात्राएँ लोड हो रही हैं…
load-track = पथ लोड करें
day-no-trips = { $day } को कोई यात्रा नहीं। यात्रा के लिए 500 मी॰ या पाँच मिनट का चलना चाहिए, यदि हब में कुछ और तय न हो।
day-trips =
    { $count ->
        [one] यात्रा
       *[other] यात्राएँ
    }
day-distance = दूरी
day-moving = चलते हुए
day-top-speed = अधिकतम गति
day-totals = दिन के योग
day-stop = ठहराव, { $duration }
day-away = { $duration } कोई यात्रा नहीं; अगली { $distance } दूर शुरू हुई
day-trip-carried = पिछले दिन की यात्रा
day-trip = यात्रा { $number }
day-trip-under-way = { $name }, जारी
day-trip-figures = { $distance } · { $duration } · अधिकतम { $speed }
day-no-more-yet = अब तक और यात्रा नहीं।
day-no-more = इस दिन और यात्रा नहीं।
day-trip-shown = मानचित्र { $time } से शुरू यात्रा दिखाता है।
track-loading = पथ लोड हो रहा है…
track-loading-count = पथ लोड हो रहा है… { $positions }
track-loaded = पथ लोड हुआ: { $positions }।
track-none = { $day } को कोई स्थिति नहीं।
file-loading = { $format } फ़ाइल लोड हो रही है…
file-saved = { $format } फ़ाइल सहेजी गई।

## The player

player-speed = चलाने की गति
player-time = चलाने का समय
player-scale = गति { $speed } तक
player-scale-calculated = गति, स्थितियों से गणना की गई, { $speed } तक
player-pause = रोकें
player-finished = पुनः चलाना समाप्त।
player-again = फिर चलाएँ
player-play = चलाएँ
player-silent = { $duration } कोई स्थिति नहीं
player-trip = यात्रा { $number }
player-stop = ठहराव, { $duration }
player-bound = इस दिन { $count } से अधिक हैं। { $time } के बाद की स्थितियाँ यहाँ नहीं दिखतीं; फ़ाइलों में सब हैं।
player-gaps = { $duration } से बड़े अंतराल टूटी रेखा में हैं, और चिह्न रुकता है।
player-rate = { $rate }×

## Analytics

figure-distance = दूरी
figure-trips = यात्राएँ
figure-moving-time = चलने का समय
figure-active-drivers = सक्रिय ड्राइवर
figure-average-speed = औसत गति
figure-top-speed = अधिकतम गति
figures-loading = आँकड़े लोड हो रहे हैं…
figures-loading-count =
    { $count ->
        [one] आँकड़े लोड हो रहे हैं… { $count } पंक्ति
       *[other] आँकड़े लोड हो रहे हैं… { $count } पंक्तियाँ
    }
figures-loaded = आँकड़े लोड हुए: { $drivers }।
figures-days = दिखाने के दिन
figures-to = तक
figures-zone = दिन समय क्षेत्र { $zone } के हैं। यात्रा उस दिन में गिनी जाती है जिस दिन शुरू हुई।
figures-drivers-caption = हर ड्राइवर के आँकड़े; स्तंभ शीर्षक क्रम बदलते हैं
figures-all-drivers =
    { $count ->
        [one] { $count } ड्राइवर
       *[other] सभी { $count } ड्राइवर
    }
figures-each-driver = हर ड्राइवर के आँकड़े
figures-drivers-shown = { $count } में से { $shown } ड्राइवर दिखाए गए हैं।
figures-at-most = अधिकतम { $value }
figures-bound = एक पृष्ठ के लिए बहुत अधिक दिन और ड्राइवर: तालिकाओं और फ़ाइल में पहली { $count } पंक्तियाँ हैं। सब देखने के लिए कम दिन चुनें।
figures-none-day = { $day } को कोई यात्रा नहीं।
figures-none-days = { $from } से { $to } तक कोई यात्रा नहीं।
figures-none-about = आँकड़े यात्राओं से गिने जाते हैं, और यात्रा के लिए 500 मी॰ या पाँच मिनट का चलना चाहिए (यदि हब में कुछ और तय न हो)। खड़े ड्राइवर की कोई नहीं होती। देर से आई स्थितियाँ उस दिन में गिनी जाती हैं जिस दिन दर्ज हुईं।
figures-none-advice = दूसरे दिन चुनें, या मानचित्र देखें।
figures-fleet-caption = बेड़े के आँकड़े, प्रति दिन
figures-fleet = बेड़ा, दिन-ब-दिन
figures-need-days = पहला और अंतिम दिन चुनें।
figures-too-many-days = एक बार में अधिकतम { $count } दिन दिखाए जा सकते हैं।
