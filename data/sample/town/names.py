# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the sample town, each in its own tongue, in English and in Chinese."""

# What streets are called after: (local, English, Chinese).
BASES = [
    ("Ahorn", "Maple", "枫树"), ("Akazien", "Acacia", "金合欢"), ("Apfel", "Apple", "苹果"), ("Birken", "Birch", "白桦"),
    ("Buchen", "Beech", "山毛榉"), ("Eichen", "Oak", "橡树"), ("Erlen", "Alder", "桤木"), ("Eschen", "Ash", "白蜡"),
    ("Fichten", "Spruce", "云杉"), ("Flieder", "Lilac", "丁香"), ("Ginster", "Broom", "金雀花"), ("Hasel", "Hazel", "榛树"),
    ("Holunder", "Elder", "接骨木"), ("Kastanien", "Chestnut", "栗树"), ("Kiefern", "Pine", "松树"), ("Kirsch", "Cherry", "樱桃"),
    ("Lärchen", "Larch", "落叶松"), ("Nuss", "Walnut", "核桃"), ("Pappel", "Poplar", "白杨"), ("Pflaumen", "Plum", "李子"),
    ("Quitten", "Quince", "榅桲"), ("Tannen", "Fir", "冷杉"), ("Ulmen", "Elm", "榆树"), ("Weiden", "Willow", "柳树"),
    ("Amsel", "Blackbird", "乌鸫"), ("Drossel", "Thrush", "画眉"), ("Elster", "Magpie", "喜鹊"), ("Falken", "Falcon", "猎鹰"),
    ("Finken", "Finch", "燕雀"), ("Habicht", "Hawk", "苍鹰"), ("Kranich", "Crane", "仙鹤"), ("Lerchen", "Lark", "云雀"),
    ("Meisen", "Titmouse", "山雀"), ("Reiher", "Heron", "苍鹭"), ("Schwalben", "Swallow", "燕子"), ("Schwanen", "Swan", "天鹅"),
    ("Sperber", "Sparrowhawk", "雀鹰"), ("Storchen", "Stork", "白鹳"), ("Tauben", "Dove", "鸽子"), ("Zeisig", "Siskin", "黄雀"),
    ("Aster", "Aster", "紫菀"), ("Dahlien", "Dahlia", "大丽花"), ("Enzian", "Gentian", "龙胆"), ("Iris", "Iris", "鸢尾"),
    ("Klee", "Clover", "三叶草"), ("Lavendel", "Lavender", "薰衣草"), ("Lilien", "Lily", "百合"), ("Malven", "Mallow", "锦葵"),
    ("Mohn", "Poppy", "罂粟"), ("Nelken", "Carnation", "康乃馨"), ("Rosen", "Rose", "玫瑰"), ("Salbei", "Sage", "鼠尾草"),
    ("Tulpen", "Tulip", "郁金香"), ("Veilchen", "Violet", "紫罗兰"), ("Bäcker", "Baker", "面包师"), ("Böttcher", "Cooper", "箍桶匠"),
    ("Färber", "Dyer", "染匠"), ("Fischer", "Fisher", "渔夫"), ("Gerber", "Tanner", "鞣匠"), ("Glaser", "Glazier", "玻璃匠"),
    ("Goldschmied", "Goldsmith", "金匠"), ("Kürschner", "Furrier", "皮匠"), ("Maler", "Painter", "画家"), ("Maurer", "Mason", "石匠"),
    ("Müller", "Miller", "磨坊"), ("Sattler", "Saddler", "马鞍匠"), ("Schmied", "Smith", "铁匠"), ("Schneider", "Tailor", "裁缝"),
    ("Schuster", "Cobbler", "鞋匠"), ("Seiler", "Ropemaker", "制绳匠"), ("Töpfer", "Potter", "陶匠"), ("Tuchmacher", "Clothier", "织布匠"),
    ("Weber", "Weaver", "织工"), ("Wagner", "Cartwright", "车匠"), ("Zimmerer", "Carpenter", "木匠"), ("Brunnen", "Fountain", "喷泉"),
    ("Burg", "Castle", "城堡"), ("Garten", "Garden", "花园"), ("Glocken", "Bell", "钟"), ("Graben", "Moat", "护城河"),
    ("Hafen", "Harbour", "港口"), ("Kloster", "Abbey", "修道院"), ("Korn", "Grain", "谷物"), ("Krämer", "Grocer", "杂货"),
    ("Kupfer", "Copper", "铜"), ("Mühlen", "Mill", "水车"), ("Münz", "Mint", "铸币"), ("Pfarr", "Parish", "教区"),
    ("Rathaus", "Town Hall", "市政厅"), ("Salz", "Salt", "盐"), ("Schul", "School", "学校"), ("Silber", "Silver", "银"),
    ("Spital", "Hospital", "医院"), ("Tor", "Gate", "城门"), ("Turm", "Tower", "塔楼"), ("Wein", "Wine", "葡萄酒"),
    ("Wall", "Rampart", "城墙"), ("Zoll", "Toll House", "税关"), ("Berg", "Hill", "山"), ("Feld", "Field", "田野"),
    ("Forst", "Forest", "林"), ("Heide", "Heath", "石楠"), ("Hügel", "Mound", "丘陵"), ("Sonnen", "Sun", "太阳"),
    ("Mond", "Moon", "月亮"), ("Stern", "Star", "星星"), ("Morgen", "Morning", "清晨"), ("Abend", "Evening", "黄昏"),
    ("Quellen", "Spring", "泉水"), ("Tal", "Valley", "山谷"), ("Ufer", "Bank", "河岸"), ("Wiesen", "Meadow", "草地"),
    ("Ziegel", "Brick", "砖"), ("Dampf", "Steam", "蒸汽"), ("Eisen", "Iron", "铁"), ("Gleis", "Track", "铁轨"),
    ("Industrie", "Industry", "工业"), ("Lager", "Depot", "仓库"), ("Werft", "Shipyard", "船坞"), ("Kohlen", "Coal", "煤"),
]

SUFFIXES = {
    "straße": ("Street", "街"), "gasse": ("Lane", "巷"), "weg": ("Way", "路"), "allee": ("Avenue", "大道"),
    "steig": ("Path", "小径"), "platz": ("Square", "广场"),
}


class Namer:
    """Gives each street a name that no other has."""

    def __init__(self, rng):
        self.rng = rng
        self.used = set()

    def street(self, suffixes):
        for _ in range(2000):
            base = self.rng.choice(BASES)
            suffix = self.rng.choice(suffixes)
            name = base[0] + suffix
            if name not in self.used:
                self.used.add(name)
                english, chinese = SUFFIXES[suffix]
                return (name, f"{base[1]} {english}", base[2] + chinese)
        raise RuntimeError("out of names")


# Places of interest: how many, tags, names (local, English, Chinese) used in turn.
HOURS_SHOP = ["Mo-Fr 09:00-18:30; Sa 09:00-16:00", "Mo-Sa 08:00-20:00", "Mo-Fr 08:30-12:30,14:00-18:00; Sa 09:00-13:00"]
HOURS_FOOD = ["Tu-Su 11:30-14:30,17:30-22:30", "Mo-Su 11:00-23:00", "We-Mo 17:00-24:00"]
HOURS_CAFE = ["Mo-Sa 07:00-18:00; Su 08:00-17:00", "Tu-Su 09:00-19:00"]
HOURS_OFFICE = ["Mo-Fr 08:00-17:00", "Mo,Tu,Th 08:00-16:00; We 08:00-12:00; Fr 08:00-14:00"]

POIS = [
    # (tags, hours, zone, names)
    ({"amenity": "restaurant", "cuisine": "regional"}, HOURS_FOOD, "centre",
     [("Zum Goldenen Hirsch", "The Golden Stag", "金鹿餐厅"), ("Ratskeller", "Town Hall Cellar", "市政厅酒窖"),
      ("Zur Alten Mühle", "The Old Mill", "老磨坊餐厅"), ("Lindenwirt", "Linden Inn", "椴树酒家"), ("Fischerstube", "Fisher's Parlour", "渔夫小馆")]),
    ({"amenity": "restaurant", "cuisine": "chinese"}, HOURS_FOOD, "any",
     [("Jadegarten", "Jade Garden", "翡翠园"), ("Große Mauer", "Great Wall", "长城饭店"), ("Lotusblüte", "Lotus Blossom", "莲花酒楼")]),
    ({"amenity": "restaurant", "cuisine": "italian;pizza"}, HOURS_FOOD, "any",
     [("Trattoria Bella Riva", "Trattoria Bella Riva", "美岸意式餐厅"), ("Pizzeria Vesuvio", "Pizzeria Vesuvio", "维苏威披萨"),
      ("Da Luca", "Da Luca", "卢卡餐厅")]),
    ({"amenity": "restaurant", "cuisine": "indian"}, HOURS_FOOD, "any", [("Taj Palast", "Taj Palace", "泰姬宫餐厅")]),
    ({"amenity": "restaurant", "cuisine": "japanese;sushi"}, HOURS_FOOD, "any", [("Sakura", "Sakura", "樱花寿司")]),
    ({"amenity": "restaurant", "cuisine": "vegetarian", "diet:vegan": "yes"}, HOURS_FOOD, "centre", [("Grüne Gabel", "Green Fork", "绿叉素食")]),
    ({"amenity": "fast_food", "cuisine": "kebab"}, ["Mo-Su 10:00-24:00"], "any",
     [("Bosporus Grill", "Bosphorus Grill", "博斯普鲁斯烧烤"), ("Ecke Kebap", "Corner Kebab", "街角烤肉")]),
    ({"amenity": "cafe", "cuisine": "coffee_shop"}, HOURS_CAFE, "centre",
     [("Café am Markt", "Market Café", "市场咖啡馆"), ("Café Linde", "Café Linde", "椴树咖啡"), ("Rösterei Nord", "North Roastery", "北方烘焙咖啡"),
      ("Uferkiosk", "Riverside Kiosk", "河畔小铺"), ("Café Sonnenschein", "Sunshine Café", "阳光咖啡馆")]),
    ({"amenity": "cafe", "cuisine": "ice_cream"}, ["Mo-Su 10:00-22:00"], "centre", [("Eiscafé Venezia", "Venezia Ice Cream", "威尼斯冰淇淋")]),
    ({"amenity": "pub"}, ["Mo-Th 17:00-24:00; Fr,Sa 17:00-02:00"], "centre",
     [("Zur Brücke", "The Bridge", "桥头酒吧"), ("Schwarzer Schwan", "The Black Swan", "黑天鹅酒吧"), ("Braukeller", "Brewery Cellar", "啤酒窖")]),
    ({"shop": "supermarket"}, ["Mo-Sa 07:00-21:00"], "any",
     [("Frischmarkt Nord", "Fresh Market North", "北区鲜品超市"), ("Frischmarkt Süd", "Fresh Market South", "南区鲜品超市"), ("Lindenkauf", "Linden Stores", "椴树超市"),
      ("Stadtmarkt", "Town Market", "城市超市"), ("Biomarkt", "Organic Market", "有机超市"), ("Asia Markt", "Asia Market", "亚洲超市")]),
    ({"shop": "bakery"}, ["Mo-Fr 06:00-18:00; Sa 06:00-14:00; Su 07:00-11:00"], "any",
     [("Bäckerei Sonntag", "Sonntag Bakery", "星期日面包房"), ("Backstube", "The Bakehouse", "烘焙坊"), ("Brotzeit", "Breadtime", "面包时光"),
      ("Kornblume", "Cornflower", "矢车菊面包"), ("Morgenrot", "Dawn", "晨曦面包")]),
    ({"shop": "butcher"}, HOURS_SHOP, "any", [("Metzgerei Huber", "Huber Butchers", "胡贝尔肉铺"), ("Metzgerei am Tor", "Gate Butchers", "城门肉铺")]),
    ({"shop": "books"}, HOURS_SHOP, "centre", [("Bücherwurm", "The Bookworm", "书虫书店"), ("Buchhandlung am Dom", "Minster Books", "大教堂书店")]),
    ({"shop": "clothes"}, HOURS_SHOP, "centre", [("Modehaus Winter", "Winter Fashion", "冬日时装"), ("Fadenwerk", "Threadworks", "线工坊"), ("Zweite Hand", "Second Hand", "二手衣铺")]),
    ({"shop": "shoes"}, HOURS_SHOP, "centre", [("Schuhhaus Lauf", "Lauf Shoes", "行走鞋店")]),
    ({"shop": "bicycle", "service:bicycle:repair": "yes"}, HOURS_SHOP, "any", [("Radwerk", "Bike Works", "单车工坊"), ("Kettenreaktion", "Chain Reaction", "链条单车")]),
    ({"shop": "hairdresser"}, ["Tu-Fr 09:00-18:00; Sa 08:00-13:00"], "any",
     [("Haarscharf", "Sharp Cuts", "利落理发"), ("Salon Anna", "Anna's Salon", "安娜沙龙"), ("Kamm und Schere", "Comb and Scissors", "梳剪理发店")]),
    ({"shop": "florist"}, HOURS_SHOP, "any", [("Blütenreich", "Realm of Blossoms", "花之国"), ("Blumen am Ring", "Ring Flowers", "环路花店")]),
    ({"shop": "electronics"}, HOURS_SHOP, "any", [("Funkhaus", "Radio House", "电子之家")]),
    ({"shop": "doityourself"}, ["Mo-Sa 07:30-19:00"], "any", [("Baumarkt Ost", "East Hardware", "东区建材")]),
    ({"amenity": "pharmacy", "dispensing": "yes", "healthcare": "pharmacy"}, HOURS_SHOP, "any",
     [("Löwen-Apotheke", "Lion Pharmacy", "狮子药房"), ("Linden-Apotheke", "Linden Pharmacy", "椴树药房"), ("Apotheke am Bahnhof", "Station Pharmacy", "车站药房"),
      ("Süd-Apotheke", "South Pharmacy", "南区药房")]),
    ({"amenity": "doctors", "healthcare": "doctor"}, HOURS_OFFICE, "any", [("Praxis Dr. Berger", "Dr Berger's Practice", "伯格诊所"), ("Praxis am Park", "Park Practice", "公园诊所")]),
    ({"amenity": "dentist", "healthcare": "dentist"}, HOURS_OFFICE, "any", [("Zahnarztpraxis Dr. Stein", "Dr Stein Dental", "施泰因牙科")]),
    ({"amenity": "bank", "atm": "yes"}, HOURS_OFFICE, "any", [("Sparkasse Lindenau", "Lindenau Savings Bank", "林登瑙储蓄银行"), ("Volksbank", "People's Bank", "人民银行分行")]),
    ({"amenity": "atm"}, ["24/7"], "any", [("Geldautomat Bahnhof", "Station ATM", "车站自动取款机")]),
    ({"amenity": "post_office"}, HOURS_OFFICE, "any", [("Post Lindenau", "Lindenau Post Office", "林登瑙邮局")]),
    ({"amenity": "library"}, ["Tu-Fr 10:00-18:00; Sa 10:00-14:00"], "centre", [("Stadtbibliothek", "Town Library", "市立图书馆")]),
    ({"tourism": "museum"}, ["Tu-Su 10:00-17:00"], "centre", [("Stadtmuseum", "Town Museum", "城市博物馆"), ("Uhrenmuseum", "Clock Museum", "钟表博物馆")]),
    ({"amenity": "theatre"}, ["Tu-Sa 17:00-22:00"], "centre", [("Stadttheater", "Town Theatre", "市立剧院")]),
    ({"amenity": "cinema"}, ["Mo-Su 14:00-24:00"], "any", [("Lichtspiele", "Picture House", "光影影院")]),
    ({"tourism": "hotel", "stars": "4"}, ["24/7"], "centre", [("Hotel Krone", "Crown Hotel", "皇冠酒店"), ("Parkhotel", "Park Hotel", "公园酒店")]),
    ({"tourism": "hotel", "stars": "3"}, ["24/7"], "any", [("Hotel am Bahnhof", "Station Hotel", "车站酒店"), ("Gasthof Post", "Post Inn", "邮驿旅馆")]),
    ({"tourism": "hostel"}, ["24/7"], "any", [("Jugendherberge", "Youth Hostel", "青年旅舍")]),
    ({"tourism": "information", "information": "office"}, ["Mo-Fr 09:00-17:00; Sa 10:00-14:00"], "centre", [("Touristinformation", "Tourist Information", "旅游咨询处")]),
    ({"amenity": "kindergarten"}, ["Mo-Fr 07:00-17:00"], "any", [("Kindergarten Sonnenblume", "Sunflower Kindergarten", "向日葵幼儿园"), ("Kindergarten Spatzennest", "Sparrow's Nest Kindergarten", "雀巢幼儿园")]),
    ({"amenity": "veterinary"}, HOURS_OFFICE, "any", [("Tierarztpraxis", "Veterinary Practice", "宠物诊所")]),
    ({"leisure": "fitness_centre"}, ["Mo-Fr 06:00-23:00; Sa,Su 08:00-20:00"], "any", [("Kraftwerk", "Powerhouse Gym", "动力健身房")]),
    ({"office": "government"}, HOURS_OFFICE, "centre", [("Finanzamt", "Tax Office", "税务局")]),
    ({"office": "insurance"}, HOURS_OFFICE, "any", [("Lindenauer Versicherung", "Lindenau Insurance", "林登瑙保险")]),
]
