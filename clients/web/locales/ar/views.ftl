## The list of drivers

order-status = الاتصال
order-speed = السرعة
order-age = آخر موقع
list-search = البحث عن سائقين
list-sort = ترتيب السائقين حسب
list-none-match = لا يوجد سائقون مطابقون. امسح البحث أو اختر «الكل» و«جميع المجموعات» و«أي حالة».
list-none = لم يبلّغ أي سائق بعد.
list-none-about = يظهر السائقون هنا مع أول موقع لهم.
list-simulate = لرؤية 500 شاحنة محاكاة، شغّل:
list-connect = { $link }، أو أرسل مواقع من تطبيقك.
list-connect-link = أنشئ سائقًا وصِل هاتفًا
standing = متوقف

## The panel of a driver

panel-heading = الاتجاه
panel-accuracy = الدقة
panel-battery = البطارية
panel-altitude = الارتفاع
panel-driver-id = معرّف السائق
follow = متابعة
panel-latest = أحدث موقع
panel-heard = آخر إشارة
panel-coordinates = الإحداثيات
panel-no-position = لا يوجد موقع مباشر. قد يتوفر سجل تاريخي أدناه.
panel-clock = { $warning }: الجهاز يرسل أوقاتًا خاطئة. الأعمار مصححة؛ ويحتفظ السجل التاريخي بأوقات الجهاز.
coordinates-copied = تم نسخ الإحداثيات.
coordinates-selected = تم تحديد الإحداثيات. انسخها بلوحة المفاتيح.
selected = محدد

## A day

day-next = اليوم التالي
day-previous = اليوم السابق
today = اليوم
day-label = رحلات وتوقفات يوم
day-field = اليوم، بتوقيت { $zone }
day-zone = الأيام والأوقات بتوقيت { $zone }.
playback = إعادة العرض
files-label = ملفات هذا اليوم
files = تنزيل المسار
day-loading = جارٍ تحميل الرحلات…
load-track = تحميل المسار
day-no-trips = لا رحلات في { $day }. تحتاج الرحلة إلى 500 م أو خمس دقائق من الحركة، ما لم يُضبط المركز غير ذلك.
day-trips =
    { $count ->
        [zero] رحلات
        [one] رحلة
        [two] رحلتان
        [few] رحلات
        [many] رحلة
       *[other] رحلة
    }
day-distance = المسافة
day-moving = الحركة
day-top-speed = السرعة القصوى
day-totals = مجاميع اليوم
day-stop = توقف، { $duration }
day-away = لا رحلة لمدة { $duration }؛ بدأت التالية على بعد { $distance }
day-trip-carried = رحلة من اليوم السابق
day-trip = الرحلة { $number }
day-trip-under-way = { $name }، جارية
day-trip-figures = { $distance } · { $duration } · أقصى { $speed }
day-no-more-yet = لا رحلات أخرى حتى الآن.
day-no-more = لا رحلات أخرى في هذا اليوم.
day-trip-shown = تعرض الخريطة الرحلة من { $time }.
track-loading = جارٍ تحميل المسار…
track-loading-count = جارٍ تحميل المسار… { $positions }
track-loaded = تم تحميل المسار: { $positions }.
track-none = لا مواقع في { $day }.
file-loading = جارٍ تحميل ملف { $format }…
file-saved = تم حفظ ملف { $format }.

## The player

player-speed = سرعة إعادة العرض
player-time = وقت إعادة العرض
player-scale = السرعة حتى { $speed }
player-scale-calculated = السرعة، محسوبة من المواقع، حتى { $speed }
player-pause = إيقاف مؤقت
player-finished = انتهت إعادة العرض.
player-again = إعادة التشغيل
player-play = تشغيل
player-silent = لا مواقع لمدة { $duration }
player-trip = الرحلة { $number }
player-stop = توقف، { $duration }
player-bound = في هذا اليوم أكثر من { $count }. لا تُعرض هنا المواقع بعد { $time }؛ وتحويها الملفات كلها.
player-gaps = الفجوات التي تزيد على { $duration } متقطعة، وتنتظر العلامة.
player-rate = ×{ $rate }

## Analytics

figure-distance = المسافة
figure-trips = الرحلات
figure-moving-time = وقت الحركة
figure-active-drivers = السائقون النشطون
figure-average-speed = متوسط السرعة
figure-top-speed = السرعة القصوى
figures-loading = جارٍ تحميل الأرقام…
figures-loading-count =
    { $count ->
        [zero] جارٍ تحميل الأرقام… { $count } صف
        [one] جارٍ تحميل الأرقام… صف واحد
        [two] جارٍ تحميل الأرقام… صفان
        [few] جارٍ تحميل الأرقام… { $count } صفوف
        [many] جارٍ تحميل الأرقام… { $count } صفًا
       *[other] جارٍ تحميل الأرقام… { $count } صف
    }
figures-loaded = تم تحميل الأرقام: { $drivers }.
figures-days = الأيام المعروضة
figures-to = إلى
figures-zone = الأيام بالمنطقة الزمنية { $zone }. تُحسب الرحلة لليوم الذي بدأت فيه.
figures-drivers-caption = أرقام كل سائق؛ عناوين الأعمدة ترتّب
figures-all-drivers =
    { $count ->
        [zero] { $count } سائق
        [one] سائق واحد
        [two] السائقان
        [few] جميع السائقين، { $count }
        [many] جميع السائقين، { $count }
       *[other] جميع السائقين، { $count }
    }
figures-each-driver = أرقام كل سائق
figures-drivers-shown = يُعرض { $shown } من { $count } سائق.
figures-at-most = بحد أقصى { $value }
figures-bound = أيام وسائقون كثيرون على صفحة واحدة: تحوي الجداول والملف أول { $count } صف. اختر أيامًا أقل لرؤية الكل.
figures-none-day = لا رحلات في { $day }.
figures-none-days = لا رحلات من { $from } إلى { $to }.
figures-none-about = تُحسب الأرقام من الرحلات، وتحتاج الرحلة إلى 500 م أو خمس دقائق من الحركة (ما لم يُضبط المركز غير ذلك). السائق المتوقف ليس له رحلات. المواقع التي تصل متأخرة تُحسب لليوم الذي سُجّلت فيه.
figures-none-advice = اختر أيامًا أخرى، أو تحقق من الخريطة.
figures-fleet-caption = أرقام الأسطول لكل يوم
figures-fleet = الأسطول، يومًا بيوم
figures-need-days = اختر يومًا أول ويومًا أخيرًا.
figures-too-many-days = يمكن عرض { $count } يومًا على الأكثر دفعة واحدة.
