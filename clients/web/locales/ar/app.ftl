## The page

page-title = الأسطول · Location hub
skip = الانتقال إلى المحتوى
fleet = الأسطول
views = العروض
side = السائقون والتنبيهات والمناطق
map = الخريطة
details = التفاصيل
needs-javascript = تحتاج هذه الصفحة إلى JavaScript لعرض الأسطول مباشرة.

## Language and units

settings = اللغة والوحدات
settings-language = اللغة
settings-browser = كما في المتصفح ({ $usual })
settings-units = المسافات والسرعات
settings-units-hint = تبقى الملفات وواجهة API بالأمتار والثواني.
settings-usual = كالمعتاد في منطقتك
settings-usual-day = كالمعتاد في منطقتك ({ $day })
settings-metric = كيلومترات وأمتار
settings-miles = أميال وأقدام
settings-clock = أوقات اليوم
settings-clock-24 = 24 ساعة
settings-clock-12 = 12 ساعة
settings-week = أول أيام الأسبوع
settings-no-storage = المتصفح لا يسمح لهذه الصفحة بحفظ الإعدادات. اسمح بذلك في إعداداته.

## Start, views and session

theme-dark = داكن
theme-light = فاتح
theme-change-dark = التحويل إلى الألوان الداكنة
theme-change-light = التحويل إلى الألوان الفاتحة
try-again = إعادة المحاولة
disconnected = غير متصل
api-no-answer = المركز لا يستجيب.
api-log-in = سجّل الدخول مجددًا.
api-role = دورك لا يسمح بذلك.
api-not-found = غير موجود. ربما حُذف.
api-taken = مستخدم من قبل.
api-changed = غيّره مستخدم آخر في هذه الأثناء.
api-too-large = الطلب كبير جدًا.
api-invalid = إدخال غير صالح: { $detail }.
api-error = خطأ: { $detail }.
analytics = التحليلات
view-not-loaded = تعذّر تحميل هذا العرض. أعد تحميل الصفحة: ربما حُدّث المركز.
view-not-installed = يحتاج هذا العرض إلى حزم تعذّر تنزيلها عند تثبيت المركز. أعد تثبيت المركز مع اتصال بالشبكة.
logged-out-elsewhere = سجّلت الخروج في تبويب آخر.
session-ended = انتهت جلستك. سجّل الدخول مجددًا.
live = مباشر
connecting = جارٍ الاتصال…
reconnecting = جارٍ إعادة الاتصال…
reconnecting-since = جارٍ إعادة الاتصال · البيانات قبل { $duration }
stale-since = بلا بيانات منذ { $duration }
disconnected-reason = غير متصل: { $reason }. أعد تحميل الصفحة لإعادة الاتصال.
open-hub = مركز مفتوح: لا حاجة إلى تسجيل الدخول
open-hub-title = لم يُضبط أي سر (HUB_JWT_SECRET).
log-out = تسجيل الخروج
log-out-failed = فشل تسجيل الخروج؛ ما زلت مسجّل الدخول. { $reason }
password-new = كلمة مرور جديدة
password-hint = 10 أحرف على الأقل. بضع كلمات يسهل تذكرها.
password-again = تكرار كلمة المرور الجديدة
password-once = هذه كلمة مرور لمرة واحدة. اختر كلمة مرور جديدة.
log-in = تسجيل الدخول
passwords-differ = كلمتا المرور غير متطابقتين.
logging-in = جارٍ تسجيل الدخول…
password-choose = اختر كلمة مرور جديدة.
password-wrong = اسم المستخدم أو كلمة المرور خطأ.
log-in-too-often = محاولات كثيرة جدًا. أعد المحاولة بعد { $duration }.
log-in-unavailable = تسجيل الدخول غير متاح مؤقتًا. أعد المحاولة بعد ثوانٍ.
side-label = بجانب الخريطة
alerts-waiting =
    { $count ->
        [zero] التنبيهات، { $count } تنبيه مفتوح لم يُقَر به
        [one] التنبيهات، تنبيه واحد مفتوح لم يُقَر به
        [two] التنبيهات، تنبيهان مفتوحان لم يُقَر بهما
        [few] التنبيهات، { $count } تنبيهات مفتوحة لم يُقَر بها
        [many] التنبيهات، { $count } تنبيهًا مفتوحًا لم يُقَر بها
       *[other] التنبيهات، { $count } تنبيه مفتوح لم يُقَر بها
    }
all = الكل
summary-label = عرض السائقين حسب الاتصال
filter-group = عرض سائقي المجموعة
filter-state = عرض السائقين بالحالة
filter-said = تمت تصفية السائقين والخريطة والتنبيهات.
filter-any-state = أي حالة
