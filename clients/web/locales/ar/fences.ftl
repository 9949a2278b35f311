fence-add-point = إضافة نقطة
fence-points = نقاط الشكل
fence-point = النقطة
latitude = خط العرض
longitude = خط الطول
fence-latitude-of = خط عرض النقطة { $number }
fence-longitude-of = خط طول النقطة { $number }
fence-point-removed = أزيلت النقطة { $number }.
fence-remove-point = إزالة النقطة { $number }
span-day = آخر 24 ساعة
span-days-7 = آخر 7 أيام
fence-missing = لا توجد منطقة كهذه. ربما حُذفت.
span-days-30 = آخر 30 يومًا
fence-category = الفئة
fence-category-hint = بكلماتك، مثل: مستودع.
fence-colour = اللون
fence-groups-hint = أسماء تفصل بينها فواصل.
fence-radius = نصف القطر بالأمتار
fence-width = العرض بالأمتار
fence-draw = الرسم على الخريطة
fence-middle = وضعها في وسط الخريطة
fence-drawn = تم رسم { $kind }. اسحب النقاط لتغيير الشكل.
fence-conflict = غيّر مستخدم آخر هذه المنطقة. يبقى ما أدخلته؛ احفظ مجددًا لتغيير هذه الحقول فقط.
fence-positions-of = مواقع
fence-looking = جارٍ فحص المواقع…
fence-found =
    { $count ->
        [zero] { $count } زيارة، { $drivers }.
        [one] زيارة واحدة، { $drivers }.
        [two] زيارتان، { $drivers }.
        [few] { $count } زيارات، { $drivers }.
        [many] { $count } زيارة، { $drivers }.
       *[other] { $count } زيارة، { $drivers }.
    }
fence-found-none = لم يكن أي سائق في الداخل.
fence-visits-past = الزيارات السابقة
fence-more = السائقون، ومتى يُعد أحدهم في الداخل
fence-parts = لهذه المنطقة عدة أجزاء. يُغيَّر شكلها باستيراد GeoJSON.
fence-edit = تعديل المنطقة
fence-new = منطقة جديدة
fence-shape = الشكل
fence-look = الاسم والمظهر
fence-preview = معاينة
fence-preview-title = من كان هناك؟
fence-hint-circle = انقر المركز على الخريطة ثم الحافة. أو أدخل المركز أدناه.
fence-hint-polygon = انقر الزوايا على الخريطة ثم الأولى مجددًا للإنهاء. أو أدخل النقاط أدناه.
fence-hint-corridor = انقر على امتداد الطريق على الخريطة ثم النقطة الأخيرة مجددًا للإنهاء. أو أدخل النقاط أدناه.
fences-search = البحث في المناطق
fences-search-label = البحث في المناطق بالاسم أو الفئة
fences = المناطق
fences-loading = جارٍ تحميل المناطق…
fences-none = لا توجد مناطق بعد.
fences-none-about = المنطقة مكان على الخريطة. يسجّل المركز زيارات السائقين، وتُنشئ القواعد منها تنبيهات.
fences-none-match = لا توجد مناطق مطابقة. امسح البحث.
fences-count =
    { $count ->
        [zero] { $count } منطقة.
        [one] منطقة واحدة.
        [two] منطقتان.
        [few] { $count } مناطق.
        [many] { $count } منطقة.
       *[other] { $count } منطقة.
    }
fence-show-name = عرض { $name } على الخريطة
fence-show = عرض
fence-inside = { $count } في الداخل
fence = المنطقة
fence-about = عن المنطقة
fence-show-on-map = عرض على الخريطة
fence-inside-label = السائقون في الداخل الآن
fence-inside-title = في الداخل الآن
fence-visits = الزيارات
fence-visits-of = زيارات
save-csv = حفظ بصيغة CSV
fence-inside-none = لا يوجد سائق في الداخل.
fence-since = منذ { $time }
fence-visits-loading = جارٍ تحميل الزيارات…
fence-visits-newest = الزيارات، الأحدث أولًا
fence-visits-created = لا زيارات منذ إنشاء المنطقة: { $time }.
fence-visits-none = لا زيارات في هذه الفترة.
details-of = تفاصيل { $name }.
download-interrupted = انقطع التنزيل.
fence-delete-about = لا تُسجّل زيارات أخرى. تبقى الزيارات السابقة.
fence-several-parts = عدة أجزاء
fence-circle-of = دائرة، نصف القطر { $radius }
fence-corridor-of = ممر بعرض { $width }
fence-watches = { $shape }. تراقب { $watched }.
fence-watches-all = { $shape }. تراقب جميع السائقين.
fence-dwell = يُعلن عن المكوث بعد دقائق
fence-enter-after = الثواني في الداخل التي تُعد زيارة
fence-exit-after = الثواني في الخارج التي تنهيها
fence-exit-margin = الأمتار خارج الحد التي تُعد في الداخل
fence-circle = دائرة
fence-polygon = مضلّع
fence-corridor = ممر
fence-need-circle = ارسم الدائرة أو أدخل مركزها.
fence-need-polygon = يحتاج المضلّع إلى { $count } نقاط على الأقل.
fence-need-corridor =
    { $count ->
        [two] يحتاج الممر إلى نقطتين على الأقل.
       *[other] يحتاج الممر إلى { $count } نقاط على الأقل.
    }
fence-need-coordinates = أدخل خط عرض وخط طول لكل نقطة.
fence-latitudes = خطوط العرض من -90 إلى 90.
fence-need-radius = أدخل نصف قطر لا يقل عن 1 م.
fence-need-width = أدخل عرضًا لا يقل عن 2 م.
fence-no-drawing = الرسم على الخريطة غير متاح: لم تُثبَّت حزمته. أدخل النقاط في الجدول.
fence-entered = الدخول
fence-for = المدة
fence-still-inside = { $duration }، ما زال في الداخل
fence-visits-last = آخر { $shown } من { $count } زيارة.
