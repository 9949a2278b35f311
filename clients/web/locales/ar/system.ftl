system = النظام
system-dead-letters = مدخلات تعذّر حفظها
system-dead-letters-about = محتوى سجل العمليات الذي لم يستطع المسجّل حفظه.
system-dead-letters-none = لا توجد مدخلات تعذّر حفظها.
system-time = الوقت
system-reason = السبب
system-size = الحجم
count-bytes =
    { $count ->
        [zero] { $count } بايت
        [one] بايت واحد
        [two] { $count } بايت
        [few] { $count } بايتات
        [many] { $count } بايتًا
       *[other] { $count } بايت
    }
system-log-entry = مدخل سجل العمليات
system-letter-sent = أُلحق بسجل العمليات. إن تعذّر حفظه مجددًا عاد إلى هذه القائمة.
system-quarantine = الحجر
system-quarantine-about = طلبات هواتف فيها نقاط لم يمكن قراءتها.
system-quarantine-none = لا توجد طلبات محجورة.
system-format = الصيغة
system-points = النقاط
system-path = المسار
system-query = الاستعلام
system-published =
    { $count ->
        [zero] نُشرت { $count } نقطة.
        [one] نُشرت نقطة واحدة.
        [two] نُشرت نقطتان.
        [few] نُشرت { $count } نقاط.
        [many] نُشرت { $count } نقطة.
       *[other] نُشرت { $count } نقطة.
    }
system-published-some =
    { $count ->
        [zero] نُشرت { $count } نقطة، وما زالت { $refused } مرفوضة: { $reason }.
        [one] نُشرت نقطة واحدة، وما زالت { $refused } مرفوضة: { $reason }.
        [two] نُشرت نقطتان، وما زالت { $refused } مرفوضة: { $reason }.
        [few] نُشرت { $count } نقاط، وما زالت { $refused } مرفوضة: { $reason }.
        [many] نُشرت { $count } نقطة، وما زالت { $refused } مرفوضة: { $reason }.
       *[other] نُشرت { $count } نقطة، وما زالت { $refused } مرفوضة: { $reason }.
    }
system-show = عرض
system-show-name = عرض: { $name }
system-send-again = إعادة الإرسال
system-send-again-name = إعادة الإرسال: { $name }
system-reload = إعادة التحميل
system-reload-list = إعادة تحميل: { $list }
system-live = المواقع المباشرة
system-redis = سجل العمليات (Redis)
system-postgresql = السجل التاريخي (PostgreSQL)
system-clock = الساعة
system-ok = سليم
system-degraded = متدهور
system-unavailable = غير متاح
system-standby = في الاحتياط
system-recording = يسجّل
system-retrying = يعيد المحاولة
system-starting = يبدأ
system-the-drivers = السائقين
system-hub = المركز
system-started = بدأ
system-connections = الاتصالات المفتوحة
system-clock-ahead = تقدّم الساعة على { $source }
system-log = سجل العمليات
system-entries = المدخلات
system-memory = الذاكرة
system-unlogged = المواقع التي تنتظر سجل العمليات
system-no-redis = ‏Redis لا يستجيب.
system-recorder = المسجّل
system-backlog = المدخلات المنتظرة
system-lag = عمر الأقدم
system-last-commit = آخر حفظ
system-rows = المواقع المحفوظة منذ بدئه
system-duplicates = المواقع التي كانت محفوظة
system-retries = إعادات المحاولة
system-lost = المواقع المؤكدة المفقودة
system-last-error = آخر خطأ
system-no-recorder = لم يبلّغ أي مسجّل منذ 15 ثانية.
system-not-stored = غير محفوظ
system-payloads = الطلبات المحجورة
system-points-in-them = النقاط فيها
system-no-postgresql = ‏PostgreSQL لا يستجيب.
system-parts = أجزاء المركز
system-version = الإصدار { $version }.
system-all-work = جميع الأجزاء تعمل.
system-nodes = العُقد
system-nodes-about = العمليات التي تخدم العملاء، لكل المراكز على Redis واحد.
system-node = العقدة
system-node-version = الإصدار
system-serving = قيد الخدمة
system-draining = قيد الإيقاف
system-behind = متأخرة بمقدار
system-up-to-date = محدّثة
system-wait = الانتظار
system-oldest = الأقدم منذ
system-given-up = تم التخلي عنها
system-replay = ما تم التخلي عنه يُعاد إرساله من سجل القناة، أو بالأمر { $command } في واجهة API.
kibibytes = { $value } KiB
mebibytes = { $value } MiB
