report-first-day = اختر اليوم الأول.
report-last-day = اختر اليوم الأخير.
report-order = يجب ألا يكون اليوم الأول بعد اليوم الأخير.
reports-mail = التقارير بالبريد الإلكتروني
report = التقرير
reports-loading = جارٍ تحميل الصفوف…
reports-loading-count = جارٍ تحميل الصفوف… { $count }
reports-loaded =
    { $count ->
        [zero] تم تحميل { $count } صف.
        [one] تم تحميل صف واحد.
        [two] تم تحميل صفين.
        [few] تم تحميل { $count } صفوف.
        [many] تم تحميل { $count } صفًا.
       *[other] تم تحميل { $count } صف.
    }
report-limit-wrong = يجب أن يكون رقمًا بوحدة { $unit }، أو فارغًا لحدود المناطق.
report-file-written = جارٍ كتابة ملف { $title }.
report-group = المجموعة
report-all-groups = جميع المجموعات
report-limit = الحد بوحدة { $unit }
report-limit-fences = حد المناطق
reports = التقارير
report-print = طباعة
report-all-drivers = جميع السائقين
report-choose = اختيار تقرير
report-show = عرض
report-last-days =
    { $days ->
        [zero] آخر { $days } يوم
        [one] آخر يوم
        [two] آخر يومين
        [few] آخر { $days } أيام
        [many] آخر { $days } يومًا
       *[other] آخر { $days } يوم
    }
report-chosen = السائقون المختارون
report-remove-driver = إزالة { $name }
report-heading = { $title }، { $days }
report-zone = الأيام والأوقات بالمنطقة الزمنية { $zone }.
report-of-drivers = السائقون: { $names }.
report-of-group = المجموعة: { $group }.
report-bound = أكثر من { $count } صف: يعرض الرسم والجدول الأولى منها، وتحوي الملفات كلها.
report-none = لا توجد صفوف لهذا الاختيار. اختر أيامًا أو سائقين آخرين.
report-chart-most = يعرض الرسم { $shown } من { $count } سائق: أصحاب القيم الأعلى.
report-rows-shown = يُعرض { $shown } من { $count } صف.
show-count-more = عرض { $count } أخرى
report-files-have = تحوي الملفات أيضًا: { $columns }.
report-wide = الجدول أعرض من الصفحة: مرّره جانبيًا لرؤية كل الأعمدة.
report-driver-missing = سائق مختار غير موجود، أو ليس في مجموعاتك.
report-each-day = كل يوم
report-each-week = كل أسبوع
report-each-month = كل شهر
schedules-empty = لا تُرسل تقارير بالبريد الإلكتروني بعد.
schedule-sent = الإرسال
schedule-sent-at = { $period } في { $time } ({ $zone })
schedule-next = التالي
schedule-delete-about = لن يُرسل التقرير بعد الآن.
schedules-title = بالبريد الإلكتروني
schedule-new = جدول جديد
schedule-name-hint = موضوع الرسائل.
schedule-limit-hint = فارغ: حدود المناطق.
schedule-drivers-hint = معرّفات تفصل بينها فواصل.
schedule-groups-hint = دون سائقين ودون مجموعات: جميع السائقين.
schedule-groups-empty = لا توجد مجموعات.
schedule-period-hint = في اليوم التالي؛ ينتهي الأسبوع يوم الأحد.
schedule-at = في الساعة
schedule-channels-empty = لا توجد قنوات بريد إلكتروني. أضف واحدة في «الإدارة»، «القنوات».
schedule-limit-wrong = يجب أن يكون رقمًا بوحدة { $unit }، أو فارغًا.
schedule-need-channel = اختر قناة واحدة على الأقل.
schedule-conflict = غيّر مستخدم آخر هذا الجدول. يبقى ما أدخلته؛ احفظ مجددًا لتغيير هذه الحقول فقط.

## What the API calls its reports and columns: hub/core/reports/tables.py

report-trips = الرحلات
report-trips-about = الرحلات التي بدأت في هذه الأيام.
report-stops = التوقفات
report-stops-about = التوقفات التي بدأت في هذه الأيام.
report-daily = الأرقام اليومية
report-daily-about = مجاميع كل سائق ويوم، من الرحلات التي بدأت فيه.
report-visits = الزيارات
report-visits-about = زيارات المناطق التي بدأت في هذه الأيام.
report-events = الأحداث
report-events-about = تنبيهات هذه الأيام: ما رصدته قواعد الأسطول، والقنوات التي عُطّلت.
report-speeding = تجاوز السرعة
report-speeding-about = مقاطع فوق حد سرعة، من الرحلات التي بدأت في هذه الأيام؛ ودون حد، من زيارات المناطق فوق حد المنطقة.
report-mileage = المسافات المقطوعة
report-mileage-about = مجاميع كل سائق على مدى هذه الأيام، من الرحلات التي بدأت فيها.
report-column-acknowledgedAt = وقت الإقرار
report-column-alertId = معرّف التنبيه
report-column-at = الوقت
report-column-averageSpeed = متوسط السرعة
report-column-cause = سبب البدء
report-column-day = اليوم
report-column-days = أيام القيادة
report-column-distance = المسافة
report-column-driverId = معرّف السائق
report-column-driverName = السائق
report-column-duration = المدة
report-column-endLatitude = خط عرض النهاية
report-column-endLongitude = خط طول النهاية
report-column-endedAt = النهاية
report-column-enteredAt = الوصول
report-column-exitCause = سبب الانتهاء
report-column-exitedAt = المغادرة
report-column-fenceId = معرّف المنطقة
report-column-fenceName = المنطقة
report-column-gapDistance = المسافة دون بيانات
report-column-idleTime = وقت التوقف
report-column-kind = الحدث
report-column-latitude = خط العرض
report-column-longitude = خط الطول
report-column-maxSpeed = السرعة القصوى
report-column-movingTime = وقت الحركة
report-column-startPlace = من
report-column-endPlace = إلى
report-column-place = المكان
report-column-points = المواقع
report-column-resolvedAt = انتهى منذ
report-column-severity = الخطورة
report-column-speedLimit = الحد
report-column-startedAt = البداية
report-column-state = الحالة
report-column-text = النص
report-column-title = القاعدة
report-column-tripId = معرّف الرحلة
report-column-trips = الرحلات
report-column-visitId = معرّف الزيارة
report-trips-latitude = خط عرض البداية
report-trips-longitude = خط طول البداية
report-stops-endedAt = المغادرة
report-stops-startedAt = الوصول
report-visits-distance = المسافة في الداخل
report-word-info = معلومة
report-word-warning = تحذير
report-word-critical = حرج
report-word-open = مفتوح
report-word-resolved = انتهى
report-word-corrected = صُحّح
report-word-crossed = عبر الحد
report-word-first-seen = شوهد أول مرة
report-word-fence-changed = تغيرت المنطقة
report-word-fence-entered = دخول منطقة
report-word-fence-exited = مغادرة منطقة
report-word-fence-crossed = عبور منطقة
report-word-fence-dwelled = مكوث في منطقة
report-word-fence-inside = داخل منطقة
report-word-fence-outside = خارج منطقة
report-word-overspeed = سرعة زائدة
report-word-stopped = توقف طويل
report-word-offline = غير متصل
report-word-battery = البطارية
report-word-alarm = إنذار
report-word-trip-started = بدأت رحلة
report-word-trip-ended = انتهت رحلة
report-word-maintenance = صيانة
report-word-channel-disabled = عُطّلت قناة
