## Rules

rule-kind-fence-entered = يدخل منطقة
rule-kind-fence-exited = يغادر منطقة
rule-kind-fence-crossed = يعبر منطقة
rule-kind-fence-dwelled = يمكث في منطقة
rule-kind-fence-inside = يكون داخل منطقة عند بدء الجدول
rule-kind-fence-outside = يكون خارج منطقة عند بدء الجدول
rule-kind-overspeed = يقود بسرعة زائدة
rule-kind-stopped = يتوقف مدة طويلة
rule-kind-offline = لا يرسل شيئًا
rule-kind-battery = بطاريته ضعيفة
rule-kind-alarm = يرسل إنذارًا
rule-kind-trip-started = يبدأ رحلة
rule-kind-trip-ended = ينهي رحلة
rule-kind-maintenance = يحين موعد صيانته
severity-info = معلومة
severity-warning = تحذير
severity-critical = حرج
alert-open = مفتوح
alert-resolved = انتهى
alert-corrected = لم يحدث
alert-acknowledged = تم الإقرار به
alert-held-late = لم يُرسل: وصل متأخرًا
alert-held-cooldown = لم يُرسل: ضمن فترة توقف القاعدة
alert-held-digest = ينتظر ملخصًا
alert-held-other = لم يُرسل: { $reason }
rule-dwell = الدقائق في المنطقة
rule-dwell-hint = اتركه فارغًا لاستخدام مدة المكوث الخاصة بالمنطقة.
rule-speed-limit = حد السرعة بوحدة { $unit }
rule-seconds-above = الثواني فوقه
rule-standing = دقائق التوقف
rule-silent = الدقائق دون موقع
rule-battery-below = نسبة الشحن ٪ التي يبدأ عندها
rule-battery-above = نسبة الشحن ٪ التي ينتهي عندها
rule-distance-between =
    { $unit ->
        [mi] الأميال بين صيانتين
       *[km] الكيلومترات بين صيانتين
    }
rule-distance-hint = اتركه فارغًا لحساب الأيام فقط.
rule-distance-before =
    { $unit ->
        [mi] الأميال المقطوعة من قبل
       *[km] الكيلومترات المقطوعة من قبل
    }
rule-days-between = الأيام بين صيانتين
rule-days-hint =
    { $unit ->
        [mi] مع الأميال: أيهما يحدث أولًا.
       *[km] مع الكيلومترات: أيهما يحدث أولًا.
    }
rule-number = { $label }: { $value }
rule-cooldown = التوقف بالدقائق بعد تنبيه عن السائق نفسه
rule-digest = الدقائق التي تُرسل فيها التنبيهات معًا
rule-max-age = الدقائق التي يُدرج بعدها التنبيه في القائمة فقط
rule-name-hint = عنوان تنبيهاتها.
rule-kind = تنبيه عندما السائق
rule-fences = المناطق
rule-fences-hint = لم يُختر شيء: جميع المناطق.
rule-fences-empty = لا توجد مناطق بعد. ارسم واحدة على الخريطة، في تبويب «المناطق».
rule-alarms = الإنذارات
rule-alarms-hint = مثل sos، تفصل بينها فواصل. فارغ: الكل.
rule-channels-empty = لا توجد قنوات: التنبيهات تُدرج في القائمة فقط.
rule-tell-resolved = الإبلاغ أيضًا عند الانتهاء
rule-more = التكرار والعمر
rule-conflict = غيّر مستخدم آخر هذه القاعدة. يبقى ما أدخلته؛ احفظ مجددًا لتغيير هذه الحقول فقط.
rule-new = قاعدة جديدة
rules = القواعد
rules-empty = لا توجد قواعد بعد. القاعدة تُنشئ تنبيهًا، مثلًا عندما يدخل سائق منطقة.
rule-column = القاعدة
rule-on = مشغّلة
rule-off = متوقفة
switch-off-name = إيقاف { $name }
switch-on-name = تشغيل { $name }
is-on = تم تشغيل { $name }.
is-off = تم إيقاف { $name }.
rule-delete-about = تبقى تنبيهاتها في القائمة.
rule-some-fences =
    { $count ->
        [zero] { $count } من المناطق
        [one] { $count } من المناطق
        [two] { $count } من المناطق
        [few] { $count } من المناطق
        [many] { $count } من المناطق
       *[other] { $count } من المناطق
    }
rule-some-drivers =
    { $count ->
        [zero] { $count } من السائقين
        [one] { $count } من السائقين
        [two] { $count } من السائقين
        [few] { $count } من السائقين
        [many] { $count } من السائقين
       *[other] { $count } من السائقين
    }
rule-certain-times = في أوقات معينة
monday = الاثنين
tuesday = الثلاثاء
wednesday = الأربعاء
thursday = الخميس
friday = الجمعة
saturday = السبت
sunday = الأحد
schedule-complex = لهذه القاعدة عدة فترات في اليوم، أو أيام تتوقف فيها. تبقى كما هي؛ غيّرها عبر واجهة API.
schedule-limited = في أوقات معينة فقط
schedule-days = الأيام
from = من
to = إلى
schedule-end-hint = إن لم يكن بعد «من»: في اليوم التالي.

## The list of alerts

feed-all = جميع التنبيهات
feed-unacknowledged = لم يُقَر بها
feed-search = البحث في التنبيهات
feed-state = عرض التنبيهات بالحالة
feed-severity = عرض التنبيهات بالخطورة
feed-any-severity = أي خطورة
feed-signals = إشارات التنبيهات الجديدة
feed-sound = صوت
feed-notifications = إشعارات
feed-push-title = تُرسل إلى هذا المتصفح، حتى والصفحة مغلقة
feed-push = دفع: { $channel }
alerts = التنبيهات
feed-count =
    { $count ->
        [zero] { $count } تنبيه.
        [one] تنبيه واحد.
        [two] تنبيهان.
        [few] { $count } تنبيهات.
        [many] { $count } تنبيهًا.
       *[other] { $count } تنبيه.
    }
feed-loading = جارٍ تحميل التنبيهات…
feed-none-match = لا توجد تنبيهات مطابقة. امسح البحث أو اختر «جميع التنبيهات».
feed-none = لا توجد تنبيهات بعد.
feed-none-about = القاعدة تُنشئ تنبيهًا، مثلًا عندما يدخل سائق منطقة. تُضبط القواعد في صفحة «الإدارة».
feed-show-driver = عرض السائق { $name }
feed-show-moment = عرض المكان واللحظة: { $text }
feed-moment = اللحظة
feed-show-fence = عرض المنطقة: { $text }
feed-fence = المنطقة
feed-acknowledge = إقرار
feed-acknowledge-alert = إقرار: { $text }
feed-acknowledged = تم الإقرار.
feed-done = تم
feed-done-alert = تم: { $text }
feed-done-title = تمت الصيانة: احسب من الآن
feed-done-said = تُحسب الصيانة من الآن.
push-ended = لم يعد هذا المتصفح يتلقى رسائل.
push-denied = المتصفح لا يسمح بإشعارات هذه الصفحة. اسمح بها في إعداداته.
push-failed = لا يستطيع المتصفح الاشتراك: { $reason }
push-begun = تصل تنبيهات هذه القناة إلى هذا المتصفح، حتى والصفحة مغلقة.
signals-https = لا يعرض هذا المتصفح إلا إشعارات الصفحات التي وصلت عبر HTTPS.

## Channels

channel-webhook-about = يتلقى برنامجك كل رسالة بصيغة JSON موقّعة. للتجربة شغّل: hub listen
channel-webhook-url-hint = HTTPS، أو عنوان يسمح به الإعداد HUB_HOOKS_ALLOW.
channel-traccar-about = برنامج يقرأ ما يحوّله Traccar. تُحوَّل المواقع إذا اختيرت أدناه.
channel-traccar-token = رمز الحامل
channel-mqtt-about = موضوع لدى وسيط لكل سائق. تُنشر المواقع إذا اختيرت أدناه.
channel-user = المستخدم
channel-password = كلمة المرور
channel-nats-about = موضوع لكل سائق. تُنشر المواقع إذا اختيرت أدناه.
channel-token = الرمز
channel-email = البريد الإلكتروني
channel-email-about = يتلقى كل عنوان رسالة خاصة به. يحتاج المركز إلى HUB_SMTP_URL.
channel-email-to = العناوين
channel-email-to-hint = تفصل بينها فواصل.
channel-apprise-about = خدمات أخرى كثيرة، عبر عنوان URL بصيغة Apprise. يحتاج المركز إلى HUB_APPRISE.
channel-webpush = إشعارات المتصفح
channel-webpush-about = تشترك المتصفحات بنفسها، وتتلقى الرسائل حتى وهذه الصفحة مغلقة.
channel-incoming-webhook = عنوان URL للويب هوك الوارد
channel-webhook-url = عنوان URL للويب هوك
channel-workflow-url = عنوان URL لسير العمل
channel-chat = المحادثة
channel-chat-hint = رقمها، أو اسم قناة عامة مع @.
channel-bot-token = رمز البوت
channel-topic-url = عنوان URL للموضوع
channel-access-token = رمز الوصول
channel-access-token-hint = اتركه فارغًا لموضوع عام.
channel-event-position = كل موقع
channel-event-fence = كل حدث للمناطق
channel-event-trip = كل حدث للرحلات
channel-event-channel = عند تعطيل قناة أخرى
channel-active = نشطة
channel-paused = متوقفة مؤقتًا
channel-failing = متعثرة
channel-secret-kept = اتركه فارغًا للإبقاء على الحالي.
channel-events = الإرسال دون قاعدة
channel-events-hint = القواعد تختار قنواتها بنفسها.
channel-conflict = غيّر مستخدم آخر هذه القناة. يبقى ما أدخلته؛ احفظ مجددًا لتغيير هذه الحقول فقط.
channel-new = قناة جديدة
channels-empty = لا توجد قنوات بعد. تُدرج التنبيهات في صفحة الخريطة، وتُرسل عبر قنوات قاعدتها.
channel-receiver = المستقبِل
channel-test = اختبار
channel-test-name = اختبار { $name }
channel-log = السجل
channel-log-name = سجل { $name }
channel-pause = إيقاف مؤقت
channel-resume = استئناف
channel-pause-name = إيقاف { $name } مؤقتًا
channel-resume-name = استئناف { $name }
channel-new-secret = سر جديد
channel-new-secret-name = سر جديد لـ { $name }
channel-is = { $name }: { $state }.
channel-secret-about = تُوقَّع الرسائل بالسر الجديد، ولمدة يوم بالسر الحالي أيضًا.
channel-secret-title = سر جديد لـ { $name }؟
channel-secret-create = إنشاء سر
channel-secret-of = سر { $name }
channel-secret-once = يُعرض مرة واحدة فقط. يتحقق المستقبِل به من توقيعات الرسائل.
channel-secret = السر
channel-secret-try = لرؤية وصول الرسائل في طرفية هذا الجهاز:
channel-command = الأمر
channel-delete-about = لا تُرسل الرسائل المنتظرة، ويُحذف سجلها.
delivery-pending = قيد الانتظار
delivery-sent = تم التسليم
delivery-dead = تم التخلي عنها
delivery-skipped = لم تُرسل
delivery-none = لم يُرسل شيء بعد.
delivery-test-failed = فشل الاختبار: { $outcome }
delivery-test-arrived = وصل الاختبار: { $outcome }
delivery-no-browser = لا يوجد متصفح مشترك في هذه القناة.
delivery-sending = جارٍ إرسال الاختبار…
delivery-channel-off = القناة متوقفة مؤقتًا أو معطّلة. استأنفها أولًا.
delivery-send-test = إرسال اختبار
delivery-answered = أجاب المستقبِل بـ { $status }
delivery-confirmation = تم التأكيد
delivery-confirmed = { $answer }.
delivery-confirmed-after = { $answer } بعد { $time }.
delivery-no-answer = لا إجابة
delivery-soon = ستُرسل قريبًا.
delivery-next = { $reason }. المحاولة التالية في { $time }.
delivery-was-off = كانت القناة متوقفة مؤقتًا أو معطّلة.
delivery-tried =
    { $count ->
        [zero] { $reason }. جرت { $count } محاولة.
        [one] { $reason }. جرت محاولة واحدة.
        [two] { $reason }. جرت محاولتان.
        [few] { $reason }. جرت { $count } محاولات.
        [many] { $reason }. جرت { $count } محاولة.
       *[other] { $reason }. جرت { $count } محاولة.
    }
delivery-content = المحتوى
