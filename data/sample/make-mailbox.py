#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-mailbox.py FOLDER [YYYY-MM-DDTHH:MM]: writes the sample mailbox as a Maildir++.

A few hundred messages around the made-up town of Lindenau, dated relative to the moment (now unless one is given, in UTC), and none later than that: threads,
attachments, HTML, several charsets, English and Chinese.  The same moment gives the same bytes.  Only the standard library is needed.
"""
import datetime, os, random, struct, sys, zlib
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

ME = ("Mia Brandt", "mia@lindenau.example.org")
PEOPLE = {
    "jonas": ("Jonas Weber", "jonas@example.org"), "lena": ("Lena Hoffmann", "lena.hoffmann@example.org"),
    "omar": ("Omar Haddad", "omar@example.net"), "clara": ("Clara Nilsson", "clara@example.com"),
    "mother": ("Ingrid Brandt", "ingrid.brandt@example.org"), "wei": ("王伟", "wang.wei@example.cn"),
    "lina": ("李娜", "lina@example.cn"), "chen": ("陳靜", "chen.jing@example.tw"), "sato": ("佐藤 花子", "sato@example.jp"),
    "rene": ("René Lefèvre", "rene@example.fr"), "tom": ("Tom Okafor", "tom@lindenau.example.org"),
}
SENDERS = {
    "rowing": ("Lindenau Rowing Club", "club@rowing.example.org"), "library": ("Lindenau Library", "loans@library.example.org"),
    "ferry": ("Linde Ferry", "tickets@ferry.example.org"), "water": ("Lindenau Waterworks", "billing@water.example.org"),
    "market": ("Market Hall Weekly", "weekly@market.example.org"), "school": ("Linden School", "office@school.example.org"),
    "town": ("Town of Lindenau", "news@lindenau.example.org"), "museum": ("Harbour Museum", "visit@museum.example.org"),
    "shop": ("Bookshop at the Bridge", "orders@books.example.org"), "bank": ("Lindenau Savings", "service@savings.example.org"),
    "townzh": ("林登瑙市政厅", "xinwen@lindenau.example.org"), "teahouse": ("桥头茶馆", "hello@teahouse.example.org"),
}


def pdf(title, lines):
    """A one-page PDF that viewers open."""
    text = "BT /F1 18 Tf 60 760 Td (%s) Tj /F1 11 Tf 0 -30 Td " % title
    text += " ".join("(%s) Tj 0 -16 Td" % l.replace("(", "\\(").replace(")", "\\)") for l in lines) + " ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               "<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, offsets = "%PDF-1.4\n", []
    for i, o in enumerate(objects, 1):
        offsets.append(len(out))
        out += "%d 0 obj\n%s\nendobj\n" % (i, o)
    start = len(out)
    out += "xref\n0 6\n0000000000 65535 f \n" + "".join("%010d 00000 n \n" % o for o in offsets)
    out += "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return out.encode("latin-1")


def png(width, height, top, bottom):
    """A picture of the lake at some hour: two colours, one into the other, and water."""
    rows = b""
    for y in range(height):
        f = y / height
        c = [int(a + (b - a) * f) for a, b in zip(top, bottom)]
        if f > .62:
            c = [max(0, v - 40 + (y * 7 % 23)) for v in c]
        rows += b"\0" + bytes(c) * width
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def ics(uid, when, hours, summary, place):
    t = lambda d: d.strftime("%Y%m%dT%H%M%SZ")
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Cirrus//Sample//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:%s\r\nDTSTART:%s\r\nDTEND:%s\r\n"
            "SUMMARY:%s\r\nLOCATION:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n" % (uid, t(when), t(when), t(when + datetime.timedelta(hours=hours)), summary, place)).encode()


class Mailbox:
    def __init__(self, folder, today, now):
        self.folder, self.today, self.now, self.n, self.random = folder, today, now, 0, random.Random(20260101)
        for name in ("", ".Sent", ".Drafts", ".Archive", ".Junk", ".Trash", ".Receipts", ".Club"):
            for part in ("cur", "new", "tmp"):
                os.makedirs(os.path.join(folder, name, part), exist_ok=True)

    def at(self, days, hour=None, minute=None):
        r = self.random
        day = self.today - datetime.timedelta(days=days)
        hour = r.choice([7, 8, 9, 10, 11, 13, 14, 16, 18, 20, 21]) if hour is None else hour
        when = datetime.datetime(day.year, day.month, day.day, hour, r.randrange(60) if minute is None else minute, r.randrange(60), tzinfo=datetime.timezone.utc)
        # What happened today happened before now; an appointment (negative days) is still to come.
        while days >= 0 and when > self.now:
            when -= datetime.timedelta(days=1)
        return when

    def add(self, sender, subject, text, when, to=ME, folder="", seen=True, starred=False, html=None, parts=(), reply=None, charset="utf-8", cc=None, raw=None):
        """Returns the Message-ID, for replies."""
        self.n += 1
        message = EmailMessage(policy=policy.SMTP.clone(max_line_length=76))
        id = "<%05d.%08x@%s>" % (self.n, self.random.getrandbits(32), sender[1].split("@")[1])
        message["From"] = formataddr(sender)
        message["To"] = ", ".join(formataddr(t) for t in (to if isinstance(to, list) else [to]))
        if cc:
            message["Cc"] = formataddr(cc)
        message["Subject"] = subject
        message["Date"] = format_datetime(when)
        message["Message-ID"] = id
        if reply:
            message["In-Reply-To"] = reply[-1]
            message["References"] = " ".join(reply)
        message.set_content(text, charset=charset, cte="quoted-printable" if charset in ("utf-8", "windows-1252") and text.isascii() is False and charset != "utf-8" else None)
        if html:
            message.add_alternative(html, subtype="html")
        for name, kind, data, cid in parts:
            main, sub = kind.split("/")
            if cid:
                message.get_payload()[-1].add_related(data, main, sub, cid="<%s>" % cid, filename=name)
            else:
                message.add_attachment(data, maintype=main, subtype=sub, filename=name)
        flags = ("F" if starred else "") + ("S" if seen else "")
        name = "%d.M%05dP1.sample" % (when.timestamp(), self.n)
        path = os.path.join(self.folder, folder, "cur", name + ":2," + flags)
        with open(path, "wb") as f:
            f.write(raw(message) if raw else message.as_bytes())
        os.utime(path, (when.timestamp(), when.timestamp()))
        return id

    def thread(self, subject, turns, folder="", parts=None, unread_last=False, starred=False, charset="utf-8"):
        """turns: (sender, days ago, text); what Mia writes lies in Sent."""
        ids = []
        for i, (who, days, text) in enumerate(turns):
            sender = ME if who == "me" else PEOPLE[who]
            last = i == len(turns) - 1
            others = [PEOPLE[w] for w, _, _ in turns if w not in ("me", who)]
            to = (others[:1] or [PEOPLE["jonas"]]) if who == "me" else ME
            if i:
                before = turns[i - 1]
                name = ME[0] if before[0] == "me" else PEOPLE[before[0]][0]
                text = text + "\n\n%s:\n" % name + "".join("> %s\n" % l for l in before[2].split("\n")[:6])
            ids.append(self.add(sender, ("Re: " if i else "") + subject, text + "\n", self.at(days, 8 + i % 12), to=to, folder=".Sent" if who == "me" else folder,
                                seen=who == "me" or not (last and unread_last), starred=starred and last, parts=(parts or {}).get(i, ()), reply=ids[:] or None, charset=charset))
        return ids


def page(title, body, colour="#2b5d4f"):
    return """<html><head><style>body{font-family:sans-serif}</style></head><body bgcolor="#f4f4f0"><div style="display:none">%s</div>
<table width="600" align="center"><tr><td style="background:%s;color:#fff;padding:16px"><h1>%s</h1></td></tr><tr><td style="padding:16px">%s</td></tr>
<tr><td><hr><p style="font-size:11px">You get this because you asked for it. <a href="https://lists.example.org/leave?u=mia&amp;k=8c1">Leave the list</a></p>
<img src="https://track.example.com/open.gif?id=8c1" width="1" height="1"></td></tr></table></body></html>""" % (title, colour, title, body)


def newsletters(box):
    for week in range(26):
        days = 2 + week * 7
        box.add(SENDERS["market"], ["Plums are here", "The first asparagus", "Cheese from the Alm", "Late apples, early walnuts", "Bread day on Thursday"][week % 5] + " · Market Hall Weekly",
                "This week at the Market Hall: fresh fish on Friday, music on Saturday, and a cooking class for children.", box.at(days, 6, 30), seen=week > 1,
                html=page("Market Hall Weekly", "<p>Dear neighbours,</p><p>This week: <b>fresh fish on Friday</b>, music on Saturday, and a cooking class for children.</p>"
                          "<h2>On the stalls</h2><ul><li>Plums from Oberlinden, 2.40 a kilo</li><li>Goat cheese, three ages</li><li>Walnut bread, Thursday only</li></ul>"
                          "<p><a href='https://market.example.org/week/%d'>All stalls and hours</a></p><img src='https://img.example.com/market%d.jpg' alt='A table full of plums'>" % (week, week), "#8a4b2a"))
        if week % 2 == 0:
            box.add(SENDERS["town"], "Lindenau this fortnight: " + ["the bridge closes for two nights", "a new timetable for the ferry", "elections on Sunday", "the festival programme"][week // 2 % 4],
                    "Works on the Old Bridge, bus diversions, and what the council decided.", box.at(days + 1, 9), seen=week > 3,
                    html=page("Lindenau this fortnight", "<p>The <a href='https://lindenau.example.org/bridge'>Old Bridge</a> closes on two nights for new bearings.</p>"
                              "<table border=1><tr><th>Line</th><th>Diversion</th></tr><tr><td>Bus 2</td><td>Linden Street, Quay</td></tr><tr><td>Bus 5</td><td>none</td></tr></table>"
                              "<blockquote>We thank everybody who lives on the quay for their patience.</blockquote>"))
        else:
            box.add(SENDERS["townzh"], ["林登瑙双周报：老桥夜间封闭", "林登瑙双周报：渡轮新时刻表", "林登瑙双周报：港口节日程公布"][week // 2 % 3],
                    "各位居民：\n\n老桥将封闭两晚更换支座，2路公交车绕行椴树街。港口节将于周六上午十点在码头广场开幕，欢迎携家人前来。\n\n林登瑙市政厅\n", box.at(days + 1, 9, 20), seen=week > 3, charset="gb18030")


def receipts(box):
    for month in range(10):
        days = 5 + month * 30
        amount = 38 + (month * 7) % 19
        box.add(SENDERS["water"], "Your water bill, no. 2%04d" % (4410 + month), "Dear Ms Brandt,\n\nthe bill for last month is attached: %d.%02d, payable within 14 days.\n\nLindenau Waterworks\n" % (amount, (month * 13) % 100),
                box.at(days, 5), folder="" if month < 2 else ".Receipts", seen=month > 0,
                parts=[("water-bill-2%04d.pdf" % (4410 + month), "application/pdf", pdf("Water bill 2%04d" % (4410 + month), ["Customer: Mia Brandt, Quay 7, Lindenau", "Used: %d cubic metres" % (6 + month % 4), "To pay: %d.%02d" % (amount, (month * 13) % 100)]), None)])
    for i in range(12):
        days = 3 + i * 11
        number = "LF-%06d" % (203114 + i * 377)
        when = box.at(days - 2, 9)
        box.add(SENDERS["ferry"], "Your ferry ticket %s" % number, "Lindenau Quay to Seehof, one adult, one bicycle. Show the code on board. The ferry leaves at %02d:15; please be there ten minutes before." % (8 + i % 9),
                box.at(days, 17), folder="" if i < 3 else ".Receipts", seen=i > 0, starred=i == 0,
                html="<h2>Ticket %s</h2><p>Lindenau Quay to Seehof<br>one adult, one bicycle</p><p><b>Departure %02d:15</b></p><p><img src='cid:code%d' alt='Ticket code'></p>" % (number, 8 + i % 9, i),
                parts=[("code.png", "image/png", png(120, 120, (250, 250, 250), (30, 30, 30)), "code%d" % i)])
        if i % 3 == 0:
            box.add(SENDERS["shop"], "Order %d is ready" % (5520 + i), "Your books wait at the counter: \"%s\". We are open until seven.\n" % ["The Lake and Its Winds", "Bread for Beginners", "A Short History of Lindenau", "Knots"][i // 3 % 4],
                    box.at(days + 4, 15), folder=".Receipts" if i > 3 else "")
        box.add(SENDERS["library"], "Loans due in three days", "\"%s\" is due back soon. You can renew it twice on our pages: https://library.example.org/renew?card=88%02d\n" % (["Winter Birds", "城南旧事", "Small Boats", "The Clockmaker"][i % 4], i),
                box.at(days + 6, 4), seen=i > 1, folder="" if i < 6 else ".Archive")


def club(box):
    topics = ["Training on Tuesday", "New oars have come", "Regatta at Seehof: who rows?", "Boathouse cleaning", "Winter training in the gym", "Photos from the regatta", "The quad has a crack", "Coffee rota"]
    for i, topic in enumerate(topics):
        days = 1 + i * 9
        turns = [("jonas", days + 3, "Hello all,\n\n%s - see the list at the boathouse and tell me by Sunday.\n\nJonas" % topic.rstrip("?")),
                 ("me", days + 2, "I can do it, but not before six.\n\nMia"), ("lena", days + 1, "Same here. Shall we take the double?\n\nLena"),
                 ("jonas", days, "Done. Please bring a torch, it gets dark early.\n\nJonas")]
        parts = {0: [("regatta-%d.png" % i, "image/png", png(320, 200, (90 + i * 10, 140, 200), (230, 190, 140)), None)]} if i in (2, 5) else None
        box.thread("[rowing] " + topic, turns[:2 + i % 3], folder=".Club" if i > 1 else "", parts=parts, unread_last=i < 3)
    when = box.at(-3, 17)
    box.add(SENDERS["rowing"], "Invitation: general meeting", "Dear members,\n\nthe general meeting is at the boathouse. The agenda is attached, and an entry for your calendar.\n", box.at(4, 10), seen=False, starred=True,
            parts=[("agenda.pdf", "application/pdf", pdf("General meeting", ["1. Report of the board", "2. New boats", "3. Fees", "4. Any other business"]), None),
                   ("invite.ics", "text/calendar", ics("meeting-1@rowing.example.org", when, 2, "General meeting of the rowing club", "Boathouse, Lindenau Quay 12"), None)])


def family(box):
    lake = lambda n: png(400, 260, (250 - n * 9 % 60, 170, 120 + n * 7 % 90), (40, 80 + n * 5 % 60, 120))
    box.thread("Sunday lunch", [("mother", 6, "Dear Mia,\n\ncome at one on Sunday, there will be dumplings and the plum cake you like. Bring Tom if he has time.\n\nMother"),
                                ("me", 5, "We will both come! Shall I bring the wine?"), ("mother", 5, "Only the good one.\n\nMother"), ("me", 4, "Of course :)"),
                                ("mother", 0, "One more thing: could you bring the big pot back?\n\nMother")], unread_last=True, starred=True)
    box.thread("Photos from the lake", [("clara", 9, "Hej Mia,\n\nhere are the pictures from Saturday. The one with the swan is my favourite.\n\nKram, Clara"),
                                        ("me", 8, "They are lovely. May I print the second one?"), ("clara", 7, "Please do!")],
               parts={0: [("lake-morning.png", "image/png", lake(1), None), ("swan.png", "image/png", lake(4), None), ("evening.png", "image/png", lake(8), None)]})
    box.thread("Recette de la tarte aux prunes", [("rene", 22, "Chère Mia,\n\nvoilà la recette : un kilo de prunes, du sucre, de la pâte brisée, et surtout pas de crème. Four très chaud, quarante minutes.\n\nÀ bientôt, René")], charset="windows-1252")
    box.thread("Holiday house", [("omar", 40, "Hi Mia,\n\nthe house at Seehof is free in the second week. Four beds, a boat, no network at all. Interested?\n\nOmar"),
                                 ("me", 39, "Very! What does it cost?"), ("omar", 39, "620 for the week, bed linen included."), ("me", 38, "We take it."), ("omar", 38, "Great, I have booked it. Keys are at the bakery.")],
               folder=".Archive")
    box.thread("周末一起爬山吗？", [("wei", 3, "米娅你好：\n\n这个周末天气不错，我们打算从码头坐渡轮到湖对岸，然后爬上观景台，中午在山上的小屋吃饭。你和汤姆要不要一起来？\n\n王伟"),
                             ("me", 2, "太好了，我们一起去！几点出发？"), ("lina", 2, "早上八点在码头集合，记得带雨衣，天气预报说下午可能有阵雨。\n\n李娜"),
                             ("wei", 1, "渡轮票我来买，附上路线图。\n\n王伟")], parts={3: [("路线图.png", "image/png", lake(11), None)]}, unread_last=True)
    box.thread("租房合同", [("lina", 12, "米娅：\n\n附件是租房合同的草稿，请你看看第三条和第五条，有问题我们下周见面再谈。房租每月六百五十，押金两个月。\n\n李娜"),
                        ("me", 11, "收到，谢谢！第五条的日期好像写错了。"), ("lina", 10, "你说得对，我已经改好了，请查收。\n\n李娜")],
               parts={0: [("租房合同（草稿）.pdf", "application/pdf", pdf("Lease, draft", ["Zhang zi 3: rent 650", "Zhang zi 5: from the first"]), None)],
                      2: [("租房合同.pdf", "application/pdf", pdf("Lease", ["Rent 650 a month", "Deposit two months"]), None)]}, charset="gb18030", starred=True)
    box.thread("茶葉和新年的安排", [("chen", 18, "親愛的米婭：\n\n上次你說喜歡高山茶，我託朋友帶了兩罐，下個月到林登瑙的時候帶給你。新年你們在家嗎？\n\n陳靜"), ("me", 17, "太謝謝你了！新年我們都在家，歡迎來住。")], charset="big5")
    box.thread("展示会の資料", [("sato", 15, "ミア様\n\nお世話になっております。港の博物館での展示会の資料をお送りします。ご確認をお願いいたします。\n\n佐藤"), ("me", 14, "Thank you, I will read it tonight.")],
               charset="iso-2022-jp", parts={0: [("資料.pdf", "application/pdf", pdf("Exhibition", ["Harbour Museum, hall 2", "Forty photographs"]), None)]})


def work(box):
    subjects = ["Harbour survey: draft report", "Signs for the old town", "Budget for the spring", "Bridge lighting", "Meeting with the ferry company", "Tender documents", "Noise measurements at the quay",
                "Translation of the leaflets", "Trees on Linden Street", "Bicycle parking at the station"]
    lines = ["I have been through the draft; chapter two needs the new figures.", "The figures are in the attached sheet. Total is 12,480.", "Can we meet on Thursday at ten in the small room?", "Thursday works. I will bring the plans.",
             "The contractor answered: delivery in week 14, no later.", "Good. Then the invoice can wait until then.", "Please look at page 3 again, the street names are in the wrong order.", "Corrected, thank you for reading so closely."]
    for i, subject in enumerate(subjects):
        turns = []
        n = 2 + i % 5
        for k in range(n):
            who = ["tom", "me", "lena", "me", "omar", "tom"][k]
            turns.append((who, max(0, 2 + i * 6 + (n - k)), lines[(i + k) % len(lines)] + "\n\n" + {"me": "Mia", "tom": "Tom", "lena": "Lena", "omar": "Omar"}[who]))
        sheet = "item,amount\nposts,4200\nsigns,6130\nwork,2150\n".encode()
        box.thread(subject, turns, folder="" if i < 6 else ".Archive", unread_last=i < 5,
                   parts={1: [("figures.csv", "text/csv", sheet, None)], 0: [("%s.pdf" % subject.split(":")[0].replace(" ", "-").lower(), "application/pdf", pdf(subject, ["Prepared for the town of Lindenau", "Draft"]), None)]} if i % 2 == 0 else None)
    box.thread("林登瑙旅游手册的翻译", [("wei", 8, "米娅：\n\n旅游手册的中文译稿已经完成，老城、博物馆和渡轮三章请你们核对一下地名。预算没有变化。\n\n王伟"),
                              ("me", 7, "谢谢！“椴树街”和“码头广场”都对，博物馆的名字请用“港口博物馆”。"), ("wei", 6, "好的，已经统一修改，最终版见附件。\n\n王伟")],
               parts={2: [("旅游手册_最终版.pdf", "application/pdf", pdf("Guide to Lindenau", ["Old town", "Museum", "Ferry"]), None)]}, unread_last=True)


def neighbours(box):
    """The quay's own list: short questions, quick answers."""
    topics = [("Ladder to lend?", "I need one for an hour on Saturday."), ("Found: a black cat", "It sits on our stairs and eats everything."), ("Concert on the quay", "Sound check is at four, the music ends at ten."),
              ("Who has seen the mayor's bicycle?", "Green, with a basket."), ("Flea market: tables", "Eleven tables so far, two are free."), ("Power cut on Tuesday?", "The letter says from nine to eleven."),
              ("Swimming before work", "Six thirty at the steps, water has 16 degrees."), ("A new baker", "Opens on Monday at the corner of Linden Street."), ("Snow rota", "Please put your name on the list by the door."),
              ("Lost key", "A small one with a red ribbon."), ("Film evening", "This time: the one about the ferryman."), ("Plums to give away", "Two baskets, first come, first served."),
              ("Ferry is late today", "Fog on the lake, they go every two hours."), ("Choir looks for tenors", "Wednesdays at eight, no audition."), ("Garden hose", "Who has mine?"), ("Bees on the balcony", "Don't be afraid, they are only resting.")]
    names = ["tom", "clara", "lena", "omar", "jonas"]
    for i, (topic, text) in enumerate(topics):
        days = i * 6 + i % 3
        a, b, c = names[i % 5], names[(i + 1) % 5], names[(i + 2) % 5]
        turns = [(a, days + 2, text), (b, days + 1, ["I can help.", "Same here.", "Ask Omar.", "At our place, come by."][i % 4]), ("me", days + 1, "Thank you both!"), (c, days, "Sorted. See you on the quay.")]
        box.thread("[quay] " + topic, turns[:[4, 2, 4, 3][i % 4]], folder="" if i < 9 else ".Archive", unread_last=i < 9 and i % 4 != 3)


def rest(box):
    box.add(SENDERS["bank"], "Your statement is ready", "Your statement for last month is in your mailbox at the bank. We never ask for your password by mail.\n", box.at(4, 6), seen=False)
    box.add(SENDERS["museum"], "New at the Harbour Museum: forty photographs", "Opening on Friday at seven, hall 2. Free for members.\n", box.at(6, 12), seen=False,
            html=page("Harbour Museum", "<p>Opening on <b>Friday at seven</b>, hall 2.</p><ol><li>Ships</li><li>Storms</li><li>People</li></ol><pre>Mon  closed\nTue-Sun  10-18</pre>", "#23395b"))
    box.add(SENDERS["teahouse"], "桥头茶馆：新茶到店", "新到的龙井和普洱，本周六下午三点免费品茶，欢迎光临。\n地址：林登瑙老桥1号，电话 +49 30 901820。\n", box.at(2, 11), seen=False,
            html=page("桥头茶馆", "<p>新到的<b>龙井</b>和<b>普洱</b>，本周六下午三点免费品茶。</p><p>地址：<a href='geo:0,0?q=Lindenau'>林登瑙老桥1号</a>，电话 <a href='tel:+4930901820'>+49 30 901820</a></p>", "#4d6b2f"))
    for i in range(14):
        box.add(SENDERS["school"], ["Parents' evening", "The school trip to the mill", "Lost property", "Holiday dates", "Lunch menu"][i % 5] + (" (%d)" % (i // 5 + 1) if i >= 5 else ""),
                "Dear parents,\n\n%s\n\nLinden School\n" % ["we meet on Wednesday at half past seven.", "please give each child a drink and a rain jacket.", "three jackets, one boot and a flute wait at the office.", "the dates for next year are on our pages.", "on Friday there is soup."][i % 5],
                box.at(3 + i * 8, 13), seen=i > 1, folder="" if i < 7 else ".Archive")
    for i in range(6):
        box.add(("Winner Desk", "desk%d@prize.example.com" % i), ["You have WON", "Last notice", "Cheap watches", "您已中奖，请立即领取", "Re: your account", "Invoice overdue"][i],
                "Open now: http://prize.example.com/%d\n" % i, box.at(2 + i * 5), folder=".Junk", seen=i > 1,
                html="<p>Dear customer, your account is closed. <a href='http://prize.example.com/%d'>https://www.savings.example.org/login</a></p>" % i if i == 4 else None)
    for i in range(4):
        box.add(SENDERS["market"], "Old offers %d" % (i + 1), "This offer has ended.\n", box.at(60 + i * 10), folder=".Trash")
    box.add(ME, "Ideas for the garden", "tomatoes on the south wall\na bench under the lime tree\n", box.at(1, 21), to=PEOPLE["mother"], folder=".Drafts")
    # Senders that break the rules: no charset said, a raw 8-bit subject, a name cut in two encoded words.
    box.add(SENDERS["townzh"], "placeholder", "placeholder", box.at(5, 8), seen=False,
            raw=lambda m: ("From: =?gb2312?B?wda1x+jw?= =?gb2312?B?ytDV/szy?= <xinwen@lindenau.example.org>\r\nTo: mia@lindenau.example.org\r\nDate: %s\r\nMessage-ID: %s\r\nSubject: " % (m["Date"], m["Message-ID"])).encode()
            + "停水通知".encode("gb18030") + b"\r\n\r\n" + "各位居民：本周四上午九点至十一点，老城区因检修停水，请提前储水。谢谢您的理解。\r\n".encode("gb18030"))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.split("\n")[0])
    now = datetime.datetime.now(datetime.timezone.utc)
    today = datetime.date.today()
    if len(sys.argv) == 3:
        now = datetime.datetime.fromisoformat(sys.argv[2]).replace(tzinfo=datetime.timezone.utc)
        today = now.date()
    box = Mailbox(sys.argv[1], today, now)
    newsletters(box)
    receipts(box)
    club(box)
    family(box)
    work(box)
    neighbours(box)
    rest(box)
    print(box.n)


main()
