manage = الإدارة
manage-title = إدارة الأسطول
vehicles = المركبات
users = المستخدمون
share-links = روابط المشاركة
api-keys = مفاتيح API
role-admin = مسؤول
role-dispatcher = منسّق
role-driver = سائق
role-gateway = بوابة
role-dispatcher-about = منسّق: يراقب الأسطول ويشارك السائقين
role-admin-about = مسؤول: يدير الأسطول أيضًا
role-key-dispatcher-about = منسّق: يقرأ الأسطول ويشارك السائقين
role-gateway-about = بوابة: ترسل مواقع جميع السائقين

## Drivers and vehicles

groups-hint = أسماء تفصل بينها فواصل، مثل vans, north. يمكن تصفية القائمة والخريطة بها.
phone-number = رقم الهاتف
driver-stale-after = بلا إشارة بعد ثوانٍ
driver-stale-after-hint = دون أي إشارة؛ من 5 إلى 604800. اتركه فارغًا لاستخدام إعداد المركز.
driver-offline-after = غير متصل بعد ثوانٍ
driver-offline-after-hint = أكثر من الثواني التي يصبح بعدها بلا إشارة. اتركه فارغًا لاستخدام إعداد المركز.
driver-id-hint = يُصنع من الاسم؛ يمكنك تغييره الآن لا لاحقًا. به تسمّي الهواتف والبرامج والروابط السائق، مثل truck-17.
drivers-empty = لا يوجد سائقون بعد. أنشئ واحدًا ثم صِل هاتفًا.
driver-active = نشط
driver-phones = الهواتف
driver-phones-of = هواتف { $name }
driver-history = السجل التاريخي
driver-history-of = السجل التاريخي لـ { $name }
driver-share = مشاركة
driver-share-name = مشاركة { $name }
enable-name = تفعيل { $name }
disable-name = تعطيل { $name }
is-disabled = تم تعطيل { $name }.
is-enabled = تم تفعيل { $name }.
disable-title = تعطيل { $name }؟
driver-disable-about = تُرفض المواقع من هواتف السائق خلال ثوانٍ، حتى تفعّله مجددًا.
driver-delete-about = تُرفض هواتفه وتنتهي روابط مشاركته. يبقى سجله التاريخي.
driver-new = سائق جديد
id = المعرّف
vehicle-plate = لوحة المركبة
vehicle-type = الفئة
vehicle-type-hint = مثل: شاحنة صغيرة.
vehicle-driver-hint = اتركه فارغًا إن لم يوجد سائق.
vehicles-empty = لا توجد مركبات بعد. أنشئ واحدة ثم عيّن لها سائقًا.
vehicle = المركبة
vehicle-no-driver = لا أحد
vehicle-delete-about = يبقى سائقها، دون مركبة.
vehicle-id-hint = رقم المركبة لديك، مثل van-7. لا يمكن تغييره لاحقًا.
vehicle-new = مركبة جديدة
driver-state-of = حالة { $name }
driver-state-none = غير محددة
driver-change-state = تغيير الحالة
driver-connect = وصل هاتف
retention-hint = أشهر كاملة إضافة إلى الحالي؛ 0 يحفظ الكل. اتركه فارغًا لاستخدام إعداد المركز.
retention-hint-usual = أشهر كاملة إضافة إلى الحالي؛ 0 يحفظ الكل. اتركه فارغًا لاستخدام إعداد المركز، { $months }.
retention-months = أشهر السجل التاريخي
retention-saved = تم حفظ إعداد السجل التاريخي.
unregistered-about = يرسلون مواقع بمعرّف ليس لأي سائق مسجّل. سجّل من ينتمي منهم إلى الأسطول.
unregistered = غير مسجّلين: { $count }
unregistered-more =
    { $count ->
        [zero] { $count } آخر غير مدرج هنا.
        [one] واحد آخر غير مدرج هنا.
        [two] اثنان آخران غير مدرجين هنا.
        [few] { $count } آخرون غير مدرجين هنا.
        [many] { $count } آخر غير مدرجين هنا.
       *[other] { $count } آخر غير مدرجين هنا.
    }
register = تسجيل
register-name = تسجيل { $name }
registered = تم تسجيل { $name }.
import-title =
    { $what ->
        [vehicle] استيراد المركبات
       *[driver] استيراد السائقين
    }
import-csv = استيراد CSV
export-csv = تصدير CSV
import-not-utf8 = الملف ليس UTF-8. احفظه بصيغة «CSV UTF-8» ثم اختره مجددًا.
import-unreadable = تغيّر الملف أو لا يمكن قراءته. اختره مجددًا.
import-nothing = لن يتغير شيء.
import-problem = { $place }: { $problem }
import-correct = لم يُحفظ شيء. صحّح الملف ثم اختره مجددًا.
import = استيراد
import-columns = السطر الأول من الملف يسمّي أعمدته: { $columns }. الأول وحده مطلوب.
import-about = تُغيَّر المعرّفات المعروفة وتُنشأ الأخرى. يبقى الحقل الذي بلا عمود؛ والخلية الفارغة تفرّغ حقلها.
import-file = ملف CSV
import-sums = جديد: { $created }، متغيّر: { $changed }، دون تغيير: { $unchanged }
sentence = { $text }.

## Phones

phone-open = هذا المركز مفتوح: لا حاجة إلى رمز هاتف، ويمكن لأي هاتف يصل إليه إرسال مواقع. أدخل عنوان URL هذا في التطبيق:
phone-open-local = لا يمكن لأي هاتف الوصول إلى هذا العنوان: المركز المفتوح لا يُوصل إليه إلا من هذا الحاسوب. للهواتف شغّل المركز مع HUB_JWT_SECRET=auto وHUB_HOST=0.0.0.0.
phone-url = عنوان URL للتطبيق
phone = الهاتف
phone-hint = اسم للقائمة أدناه، مثل: سامسونج، وردية النهار.
phone-none = لا توجد رموز هواتف.
phone-unnamed = هاتف بلا اسم
phone-since = { $name } · منذ { $time }
phone-revoke-about = يُرفض الهاتف خلال ثوانٍ.
phone-qr = رمز QR لعنوان URL
phone-once = يُعرض مرة واحدة فقط. امسحه أو انسخه الآن. من لديه عنوان URL هذا يستطيع إرسال مواقع باسم هذا السائق.
phone-create = إنشاء رمز هاتف
phone-tokens = رموز الهواتف
phone-unreachable = يشير عنوان URL إلى هذا الحاسوب، فلا يمكن لأي هاتف الوصول إليه. افتح هذه الصفحة بعنوان تصل إليه الهواتف، أو اضبط HUB_PUBLIC_URL، ثم أنشئ رمز الهاتف مجددًا.
phone-private = لا تصل إلى عنوان URL إلا الهواتف في هذه الشبكة: عنوانه خاص.
phone-traccar = { $app } أدخل عنوان URL أعلاه في «Server URL» وابدأ الخدمة.
phone-owntracks = { $app } اضبط الوضع على HTTP وأدخل عنوان URL أعلاه، دون تشفير.
phone-both = كلاهما:
phone-both-about = { $both } اسمح دائمًا بالوصول إلى الموقع، واستثنِ التطبيق من توفير البطارية.
revoke = إبطال
revoke-name = إبطال { $name }
revoke-title = إبطال { $name }؟
is-revoked = تم إبطال { $name }.

## Share links

share-hour = ساعة واحدة
share-hours-4 = 4 ساعات
share-hours-12 = 12 ساعة
share-day = يوم واحد
share-week = أسبوع واحد
share-custom = نهاية أخرى
share-name = الاسم الظاهر للمستلمين
share-name-hint = يظهر بدلًا من معرّف السائق.
share-until = حتى
share-until-hint = بمنطقتك الزمنية، أسبوع واحد من الآن على الأكثر.
share-need-time = اختر تاريخًا ووقتًا.
share-link = رابط المشاركة
share-create = إنشاء رابط مشاركة
share-nearby = سيارات قريبة
share-end-title = إنهاء رابط المشاركة { $name }؟
share-end-about = يتوقف الرابط عن العمل فورًا.
share-end-link = إنهاء رابط المشاركة
share-ended = انتهى رابط المشاركة.
share-line-driver = { $name } ({ $driver }) · حتى { $time }
share-line = { $name } · حتى { $time }
share-end = إنهاء
share-end-name = إنهاء رابط المشاركة { $name }

## Users and API keys

users-empty = لا يوجد مستخدمون.
user = المستخدم
user-you = { $name } (أنت)
user-invited = دعوة معلّقة
user-active = نشط
user-role-of = تغيير دور { $name }
user-reset = إعادة تعيين كلمة المرور
user-reset-of = إعادة تعيين كلمة مرور { $name }
user-reset-title = إعادة تعيين كلمة مرور { $name }؟
user-reset-about = تنتهي كلمة المرور القديمة وجميع جلسات هذا المستخدم فورًا.
user-disable-about = تنتهي جميع جلسات هذا المستخدم خلال ثوانٍ.
user-delete-about = تنتهي جميع جلسات هذا المستخدم.
user-name = اسم المستخدم
user-new = مستخدم جديد
user-password-of = كلمة مرور { $name }
user-password-once = تُعرض مرة واحدة فقط وتصلح لتسجيل دخول واحد يختار فيه المستخدم كلمة مرور جديدة. سلّمها للمستخدم شخصيًا.
user-password = كلمة مرور لمرة واحدة
key-until-revoked = حتى الإبطال
key-days-30 = 30 يومًا
key-days-90 = 90 يومًا
key-year = سنة واحدة
keys-empty = لا توجد مفاتيح API.
key = المفتاح
key-prefix = يبدأ بـ
key-last-used = آخر استخدام
key-expires = ينتهي
key-expired = انتهى
key-revoke-about = يُرفض البرنامج خلال ثوانٍ.
key-name-hint = البرنامج الذي يستخدم المفتاح، مثل: ERP، الفوترة.
key-new = مفتاح API جديد
key-of = مفتاح API لـ { $name }
key-once = يُعرض مرة واحدة فقط. انسخه الآن واحفظه سرًا للبرنامج.
api-key = مفتاح API
