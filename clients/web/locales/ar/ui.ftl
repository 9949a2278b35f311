### Arabic, modern standard; buttons are verbal nouns. One word for each thing:
### alert = تنبيه; alarm (of a device) = إنذار; channel = قناة; driver = سائق; fence = منطقة; hub = المركز; log of a
### channel = سجل; phone token = رمز الهاتف; position = موقع; rule = قاعدة; share link = رابط مشاركة; stop = توقف; track =
### مسار; trip = رحلة; visit = زيارة

## Words of several parts of the page

save = حفظ
create = إنشاء
cancel = إلغاء
close = إغلاق
edit = تعديل
delete = حذف
retry = إعادة المحاولة
show-more = عرض المزيد
loading = جارٍ التحميل…
never = أبدًا
disabled = معطّل
enable = تفعيل
disable = تعطيل
switch-off = إيقاف
switch-on = تشغيل
column-name = الاسم
column-kind = النوع
column-state = الحالة
column-driver = السائق
column-channel = القناة
channels = القنوات
groups = المجموعات
drivers = السائقون
time-zone = المنطقة الزمنية
severity = الخطورة
valid-for = مدة الصلاحية
role = الدور
saved = تم حفظ { $name }.
created = تم إنشاء { $name }.
deleted = تم حذف { $name }.
edit-name = تعديل { $name }
delete-name = حذف { $name }
delete-title = حذف { $name }؟
ids-hint = معرّفات السائقين تفصل بينها فواصل؛ اكتب معرّفًا أو اسمًا لاختيار أحدها. فارغ: جميع السائقين.
send-to = الإرسال إلى

## Numbers, times and states

duration-seconds = { $value } ث
duration-minutes = { $value } د
duration-hours = { $value } س
duration-hours-minutes = { $hours } س { $minutes } د
duration-days =
    { $value ->
        [zero] { $value } يوم
        [one] يومًا واحدًا
        [two] يومين
        [few] { $value } أيام
        [many] { $value } يومًا
       *[other] { $value } يوم
    }
duration-milliseconds = { $value } م.ث
duration-ago = قبل { $duration }
age-now = الآن
age-seconds = قبل { $value } ث
age-minutes = قبل { $value } د
age-hours = قبل { $value } س
age-days =
    { $value ->
        [zero] قبل { $value } يوم
        [one] قبل يوم واحد
        [two] قبل يومين
        [few] قبل { $value } أيام
        [many] قبل { $value } يومًا
       *[other] قبل { $value } يوم
    }
wind-north = شمال
wind-north-east = شمال شرق
wind-east = شرق
wind-south-east = جنوب شرق
wind-south = جنوب
wind-south-west = جنوب غرب
wind-west = غرب
wind-north-west = شمال غرب
heading = { $wind }، { $degrees }°
state-free = متاح
state-busy = مشغول
state-off-duty = خارج الخدمة
within-distance = بدقة { $distance }
share-percent = { $value }٪
status-online = متصل
status-stale = بلا إشارة
status-offline = غير متصل
status-stale-for = بلا إشارة منذ { $duration }
status-offline-for = غير متصل: بلا إشارة منذ { $duration }
status-online-old = متصل، دون موقع منذ { $duration }
status-last-known = آخر حالة معروفة: { $status }
heard-within = خلال آخر { $duration }
clock-ahead = الساعة متقدمة { $span }
clock-behind = الساعة متأخرة { $span }
problem-no-history = لا توجد مواقع محفوظة لهذا السائق.
problem-history-unavailable = السجل التاريخي غير متاح مؤقتًا. التتبع المباشر مستمر.
count-drivers =
    { $count ->
        [zero] { $count } سائق
        [one] سائق واحد
        [two] سائقان
        [few] { $count } سائقين
        [many] { $count } سائقًا
       *[other] { $count } سائق
    }
count-groups =
    { $count ->
        [zero] { $count } مجموعة
        [one] مجموعة واحدة
        [two] مجموعتان
        [few] { $count } مجموعات
        [many] { $count } مجموعة
       *[other] { $count } مجموعة
    }
count-positions =
    { $count ->
        [zero] { $count } موقع
        [one] موقع واحد
        [two] موقعان
        [few] { $count } مواقع
        [many] { $count } موقعًا
       *[other] { $count } موقع
    }

## Forms

editor-empty = فارغ
editor-conflict =
    { $others ->
        [driver] غيّر السائق أو مستخدم آخر «{ $field }» إلى { $theirs }؛ وقد أدخلتَ { $mine }.
       *[user] غيّر مستخدم آخر «{ $field }» إلى { $theirs }؛ وقد أدخلتَ { $mine }.
    }
editor-taken =
    { $others ->
        [driver] غيّر السائق أو مستخدم آخر «{ $field }» إلى { $theirs }.
       *[user] غيّر مستخدم آخر «{ $field }» إلى { $theirs }.
    }
editor-versions = نسختان من «{ $field }»
editor-use-theirs = استخدام النسخة الأخرى
editor-keep-mine = الإبقاء على نسختي
editor-choose =
    { $others ->
        [driver] غيّر السائق أو مستخدم آخر هذه الحالة. اختر النسخة التي تبقى.
       *[user]
            { $what ->
                [driver] غيّر مستخدم آخر هذا السائق. اختر النسخة التي تبقى.
                [vehicle] غيّر مستخدم آخر هذه المركبة. اختر النسخة التي تبقى.
                [notes] غيّر مستخدم آخر هذه الملاحظات. اختر النسخة التي تبقى.
               *[user] غيّر مستخدم آخر هذا المستخدم. اختر النسخة التي تبقى.
            }
    }
editor-choose-first = اختر أولًا النسخة التي تبقى.
editor-saved =
    { $what ->
        [driver] تم حفظ السائق.
        [vehicle] تم حفظ المركبة.
        [state] تم حفظ الحالة.
        [notes] تم حفظ الملاحظات.
       *[user] تم حفظ المستخدم.
    }
editor-deleted =
    { $what ->
        [driver] حذف مستخدم آخر هذا السائق. يبقى ما أدخلته حتى تلغي.
        [vehicle] حذف مستخدم آخر هذه المركبة. يبقى ما أدخلته حتى تلغي.
        [state] حذف السائق أو مستخدم آخر هذه الحالة. يبقى ما أدخلته حتى تلغي.
        [notes] حذف مستخدم آخر هذه الملاحظات. يبقى ما أدخلته حتى تلغي.
       *[user] حذف مستخدم آخر هذا المستخدم. يبقى ما أدخلته حتى تلغي.
    }
copy = نسخ
copied = تم النسخ
copied-name = تم النسخ: { $label }.
copy-by-hand = النسخ غير متاح عبر HTTP. النص محدد: انسخه بلوحة المفاتيح.
search = بحث
search-list = البحث في: { $list }
no-match = لا نتائج لـ «{ $text }».
actions = الإجراءات
chart-bars =
    { $per ->
        [driver] { $name } لكل سائق، بحد أقصى { $most } ({ $label })
       *[day] { $name } لكل يوم، بحد أقصى { $most } ({ $label })
    }
chart-bars-none =
    { $per ->
        [driver] { $name } لكل سائق: لا شيء
       *[day] { $name } لكل يوم: لا شيء
    }
chart-speed = السرعة خلال الوقت المعروض، بحد أقصى { $speed }
chart-speed-calculated = محسوبة من المواقع
chart-speed-gaps =
    { $count ->
        [zero] مع { $count } فترة دون مواقع
        [one] مع فترة واحدة دون مواقع
        [two] مع فترتين دون مواقع
        [few] مع { $count } فترات دون مواقع
        [many] مع { $count } فترة دون مواقع
       *[other] مع { $count } فترة دون مواقع
    }

## Problems

problem-no-answer = المركز لا يستجيب. تحقق من الشبكة ثم أعد المحاولة.
problem-session = انتهت جلستك. سجّل الدخول مجددًا؛ يبقى ما أدخلته.
problem-role = دورك لا يسمح بذلك. راجع مسؤولًا.
problem-deleted = حذفه مستخدم آخر.
problem-too-many = طلبات كثيرة جدًا. انتظر لحظة ثم أعد المحاولة.
problem-unavailable = المركز غير متاح مؤقتًا. أعد المحاولة بعد ثوانٍ.
problem-pattern-id = استخدم من 1 إلى 64 من الأحرف A إلى Z والأرقام و . _ : - دون مسافات.
problem-pattern-line = استخدم سطرًا واحدًا من الأحرف العادية.
problem-too-long =
    { $limit ->
        [zero] استخدم { $limit } حرف على الأكثر.
        [one] استخدم حرفًا واحدًا على الأكثر.
        [two] استخدم حرفين على الأكثر.
        [few] استخدم { $limit } أحرف على الأكثر.
        [many] استخدم { $limit } حرفًا على الأكثر.
       *[other] استخدم { $limit } حرف على الأكثر.
    }
problem-too-short =
    { $limit ->
        [zero] استخدم { $limit } حرف على الأقل.
        [one] استخدم حرفًا واحدًا على الأقل.
        [two] استخدم حرفين على الأقل.
        [few] استخدم { $limit } أحرف على الأقل.
        [many] استخدم { $limit } حرفًا على الأقل.
       *[other] استخدم { $limit } حرف على الأقل.
    }
problem-failed = فشل الطلب.
number-range = أدخل رقمًا من { $min } إلى { $max }.
whole-number-range = أدخل عددًا صحيحًا من { $min } إلى { $max }.
problem-required = مطلوب.
problem-too-small = أدخل { $limit } على الأقل.
problem-too-large = أدخل { $limit } على الأكثر.
problem-not-allowed = استخدم إحدى القيم: { $allowed }.
