## The user's own account, and logins with a provider

account = الحساب
account-open-hub = هذا المركز مفتوح: لا حسابات فيه.
account-connected-now = حسابك مرتبط بـ { $provider }.
account-user = المستخدم: { $name }
password-change = تغيير كلمة المرور
password-about = كلمة المرور الجديدة تُنهي جلساتك الأخرى.
password-current = كلمة المرور الحالية
password-changed = غُيّرت كلمة المرور، وانتهت جلساتك الأخرى.
factor-on = مفعّل. رموز الاسترداد المتبقية: { $count }.
factor-off = غير مفعّل. معه يحتاج تسجيل الدخول بكلمة المرور أيضًا إلى رمز من تطبيق مصادقة.
factor-of-provider = لتسجيل الدخول عبر { $provider } العامل الثاني الخاص بالمزوّد.
factor-switch-off = إيقاف العامل الثاني
factor-set-up-verb = إعداد
factor-set-up = إعداد العامل الثاني
factor = العامل الثاني
factor-required = هذا المركز يشترطه.
account-connected = مرتبط: يمكنك تسجيل الدخول عبر { $provider }.
account-not-connected = غير مرتبط. اربطه لتسجيل الدخول عبر { $provider }.
account-connect-verb = ربط
account-connect = ربط الحساب بـ { $provider }
password-enter-again = أدخل كلمة مرورك مجددًا.
continue = متابعة
factor-is-on = العامل الثاني مفعّل.
factor-is-off = العامل الثاني غير مفعّل.
connect-to = الربط بـ { $provider }
code-wrong = الرمز خطأ أو سبق استخدامه.
password-is-wrong = كلمة المرور خطأ.
code-enter = أدخل رمز تطبيق المصادقة.
factor-hub-requires = يشترط هذا المركز عاملًا ثانيًا.
log-in-with = تسجيل الدخول عبر { $provider }
log-in-once = تسجيل الدخول بكلمة مرور لمرة واحدة
code = الرمز
code-hint = الأرقام الستة التي يعرضها تطبيق المصادقة، أو رمز استرداد.
factor-scan = امسح هذا الرمز بتطبيق مصادقة، أو اكتب المفتاح فيه. ثم أدخل الرمز الذي يعرضه التطبيق.
factor-qr = رمز QR للمفتاح
factor-key = المفتاح للتطبيق
recovery-codes = رموز الاسترداد
recovery-codes-about = تُعرض مرة واحدة فقط. كل رمز يحل مرة واحدة محل رمز التطبيق، ليوم يضيع فيه الهاتف. احفظها بعيدًا عن الهاتف.
login-expired = استغرق تسجيل الدخول وقتًا طويلًا، أو بدأ في نافذة أخرى. أعد المحاولة.
login-cancelled = أُلغي تسجيل الدخول عبر { $provider }.
login-refused = رُفضت إجابة { $provider }. أعد المحاولة؛ وإن تكرر ذلك فأخبر المسؤول: السبب في سجل المركز.
login-provider-silent = { $provider } لا يستجيب. أعد المحاولة لاحقًا، أو سجّل الدخول بكلمة مرور.
login-limit = محاولات كثيرة جدًا. أعد المحاولة بعد بضع دقائق.
login-unknown = حسابك لدى { $provider } غير مرتبط بمستخدم. سجّل الدخول بكلمة مرور واربطه في «الحساب»، أو راجع مسؤولًا.
login-not-admitted = ليس لحسابك لدى { $provider } دور في هذا المركز. راجع مسؤولًا.
login-name-taken = يوجد مستخدم باسمك. إن كان لك فسجّل الدخول بكلمة المرور واربط الحساب في «الحساب».
login-disabled = المستخدم معطّل. راجع مسؤولًا.
login-last-admin = سيسحب { $provider } الدور من آخر مسؤول. اجعل مستخدمًا آخر مسؤولًا أولًا.
login-other-user = هذا الحساب لدى { $provider } مرتبط بمستخدم آخر.
login-session-ended = انتهت جلستك أثناء ربط الحساب. سجّل الدخول وأعد المحاولة.
user-login = تسجيل الدخول
user-provider = المزوّد
user-remove-factor = إزالة العامل الثاني
user-remove-factor-of = إزالة العامل الثاني لـ { $name }
user-remove-factor-title = إزالة العامل الثاني لـ { $name }؟
user-remove-factor-about = عندئذ تكفي كلمة المرور وحدها.
user-factor-removed = أُزيل العامل الثاني لـ { $name }.
user-disconnect = فصل
user-disconnect-name = فصل { $name } عن المزوّد
user-disconnect-title = فصل { $name } عن المزوّد؟
user-disconnected = تم فصل { $name }.
kiosk-reconnecting = جارٍ إعادة الاتصال
kiosk-stale-since = بلا بيانات · قبل { $duration }
offline-positions = دون اتصال. مواقع { $time }.
offline-delete = حذف هذه المواقع
update-reload = إعادة التحميل للإصدار الجديد
update-ready = إصدار جديد من هذه الصفحة جاهز.
sheet-low = الخريطة تشغل النافذة كلها.
sheet-half = الخريطة والقائمة.
sheet-full = القائمة تشغل النافذة.
sheet-show = عرض القائمة
sheet-enlarge = تكبير القائمة
sheet-hide = إخفاء القائمة
open-in-app = تطبيق هذا الجهاز
open-in = فتح في…
playback-at = إعادة العرض عند { $time }.
day-from-to = { $from } ← { $to }
notes-edit = تعديل الملاحظات
photo = صورة
photo-change = تغيير الصورة
details-label = السائق والمركبة
details-unread = تعذّرت قراءة الملاحظات والصورة. { $reason }
notes-add = إضافة ملاحظات
photo-of = صورة { $name }
notes = ملاحظات
notes-about = ملاحظات عن { $name }
photo-file = الصورة
photo-file-hint = تُصغّر إلى 512 بكسل. لا يُرسل مكان التقاطها ولا الجهاز.
photo-choose = اختر صورة.
photo-unreadable = لا يستطيع هذا المتصفح قراءة الملف كصورة.
photo-saved = تم حفظ الصورة.
photo-deleted = تم حذف الصورة.
photo-delete = حذف الصورة
list-search-labels = البحث عن سائقين بالاسم أو المعرّف أو الهاتف أو المركبة
list-search-title = الاسم أو المعرّف أو رقم الهاتف، أو لوحة المركبة واسمها وفئتها
panel-place = المكان

## Share links to several drivers

share-several = مشاركة مجموعة أو عدة سائقين
share-chosen-drivers = سائقون مختارون
share-group-hint = يعرض الرابط سائقي المجموعة في كل لحظة.
share-ids-hint = معرّفات السائقين، تفصل بينها فواصل.
share-show-names = عرض أسماء السائقين
share-need-driver = أدخل معرّف سائق واحد على الأقل.
share-several-hint = عنوان الصفحة.
share-none-of =
    { $of ->
        [several] لا توجد روابط مشاركة لمجموعات أو لعدة سائقين.
       *[driver] لا توجد روابط مشاركة لهذا السائق.
    }
share-once-of =
    { $of ->
        [several] يُعرض مرة واحدة فقط. من لديه هذا الرابط يرى المواقع المباشرة لهؤلاء السائقين حتى { $time }.
       *[driver] يُعرض مرة واحدة فقط. من لديه هذا الرابط يرى الموقع المباشر للسائق حتى { $time }.
    }
share-links-of =
    { $of ->
        [several] روابط مشاركة المجموعات وعدة سائقين
       *[driver] روابط مشاركة هذا السائق
    }
share-none-at-all = لا توجد روابط مشاركة. افتح سائقًا، أو اختر «مشاركة مجموعة» فوق قائمة السائقين، لإنشاء رابط.
share-group-button = مشاركة مجموعة
share-group = المجموعة { $group }
shared-locations = مواقع مشتركة
shared-locations-over = انتهت صلاحية رابط المشاركة هذا أو أُنهي.
shared-locations-lost = انقطع الاتصال. تُعرض آخر المواقع المعروفة. جارٍ إعادة الاتصال…
shared-locations-none = لا توجد مواقع بعد. تظهر هنا عند استلامها.
shared-locations-ended = انتهت مشاركة المواقع
shared-lost-newest = انقطع الاتصال · أحدث موقع { $age }
shared-some = { $shown } من { $drivers }
shared-online = { $count } متصل
shared-newest = أحدث موقع { $age }
shared-map-title = خريطة المواقع المشتركة
shared-no-map = تعذّر عرض الخريطة.
share-several-needs-javascript = تحتاج هذه الصفحة إلى JavaScript لعرض المواقع المشتركة.

## The search on the map, places, and its tools

finder-coordinates = إحداثيات
finder-address = عنوان
finder = البحث في الخريطة
finder-search = البحث عن أماكن
finder-label = البحث عن أماكن وإحداثيات وسائقين ومناطق
finder-results = النتائج
finder-addresses = البحث عن عناوين لـ «{ $text }»
finder-searching = جارٍ البحث عن عناوين…
finder-count =
    { $count ->
        [zero] { $count } نتيجة. اختر بمفاتيح الأسهم.
        [one] نتيجة واحدة. اختر بمفاتيح الأسهم.
        [two] نتيجتان. اختر بمفاتيح الأسهم.
        [few] { $count } نتائج. اختر بمفاتيح الأسهم.
        [many] { $count } نتيجة. اختر بمفاتيح الأسهم.
       *[other] { $count } نتيجة. اختر بمفاتيح الأسهم.
    }
finder-nothing = لم يُعثر على شيء لـ «{ $text }».
finder-shown = تعرض الخريطة { $name }.
finder-found = تم العثور على: { $name }
place-in-country = { $name }، { $country }
place-near = { $distance } { $wind } { $name }
map-places-by = أسماء الأماكن: { $source }
own-position-denied = لا يحق لهذه الصفحة قراءة موقعك. اسمح بذلك في المتصفح؛ ويلزم أيضًا HTTPS.
own-position-unknown = لا يعرف هذا الجهاز موقعك.
own-position-late = لم يُعثر على موقعك في الوقت المناسب. أعد المحاولة.
ruler = قياس مسافة
ruler-remove-last = إزالة الأخيرة
ruler-done = تم
ruler-drawing = أنهِ الرسم قبل القياس.
ruler-ended = انتهى القياس.
ruler-first = انقر النقطة الأولى، أو اضغط Enter لوسط الخريطة.
ruler-next = انقر النقطة التالية.
ruler-over =
    { $count ->
        [zero] عبر { $count } نقطة
        [one] عبر نقطة واحدة
        [two] عبر نقطتين
        [few] عبر { $count } نقاط
        [many] عبر { $count } نقطة
       *[other] عبر { $count } نقطة
    }
own-position = العثور على موقعي
own-position-unavailable = الموقع غير متاح
map-attribution = إظهار المصادر أو إخفاؤها
vehicle-truck = شاحنة
vehicle-van = شاحنة صغيرة
vehicle-bus = حافلة
vehicle-car = سيارة
vehicle-motorcycle = دراجة نارية
vehicle-bicycle = دراجة
vehicle-foot = سيرًا على الأقدام
