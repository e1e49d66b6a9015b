"""Spellings of addresses that must not be reached, made by rules. `{port}` is where a listener waits on 127.0.0.1."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

PUBLIC = "93.184.215.14"  # stands for a public address; nothing is ever sent to it

# Of this machine, of its network, of its cloud, of a carrier, and "any".
INNER = (
    "127.0.0.1",
    "169.254.169.254",
    "10.0.0.5",
    "192.168.1.1",
    "172.16.0.1",
    "0.0.0.0",
    "100.100.100.200",
)


def _words(text: str) -> list[str]:
    return text.split()


def four(quad: str) -> Iterator[str]:
    """One IPv4 address as readers of different strictness spell it."""
    whole = int(IPv4Address(quad))
    a, b, c, d = (int(part) for part in quad.split("."))
    low, last = (c << 8) + d, (b << 16) + (c << 8) + d
    yield quad
    yield f"{quad}."
    yield f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"00000{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"{a:03}.{b:03}.{c:03}.{d:03}"
    yield f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"
    yield f"0X{a:02X}.{b}.{c}.0x{d:x}"
    yield f"0x{a:x}.0{b:o}.{c}.{d}"
    yield from (str(whole), f"{whole}.", f"0x{whole:x}", f"0X{whole:08X}", f"0x{whole:08x}.", f"0{whole:o}")
    yield from (f"{a}.{last}", f"{a}.{b}.{low}", f"0x{a:x}.{last}", f"{a}.0x{last:x}", f"{a}.{b}.0{low:o}")
    yield str(whole + 2**32)
    yield f"{a + 256}.{b}.{c}.{d}"
    yield quad.translate({48 + one: 0xFF10 + one for one in range(10)})  # full width
    yield quad.translate({48 + one: 0x1D7CE + one for one in range(10)})  # bold
    yield quad.translate({48 + one: 0x0660 + one for one in range(10)})  # Arabic
    yield quad.translate({48 + one: 0x06F0 + one for one in range(10)})  # Persian
    yield quad.translate({48: 0x24EA, **{48 + one: 0x245F + one for one in range(1, 10)}})  # in circles
    yield from (quad.replace(".", dot) for dot in "\u3002\uff0e\uff61\u2024")
    yield "".join(f"%{ord(one):02x}" for one in quad)
    yield quad.replace(".", "%2e")
    yield f"{quad}%00.public.example"
    yield f"{quad}%20"
    yield f"\u200b{quad}"
    yield f"{quad}\u00ad"
    yield f"[{quad}]"


def six(quad: str) -> Iterator[str]:
    """One IPv4 address packed into IPv6 addresses."""
    whole = int(IPv4Address(quad))
    pair = f"{whole >> 16:x}:{whole & 0xFFFF:x}"
    turned = f"{(whole >> 16) ^ 0xFFFF:x}:{(whole & 0xFFFF) ^ 0xFFFF:x}"
    yield from (f"[::ffff:{quad}]", f"[::ffff:{pair}]", f"[0:0:0:0:0:ffff:{pair}]", f"[::FFFF:{quad}]")
    yield from (f"[::{quad}]", f"[::{pair}]", f"[::ffff:0:{quad}]")
    yield from (
        f"[64:ff9b::{quad}]",
        f"[64:ff9b::{pair}]",
        f"[0064:ff9b:0:0:0:0:{pair}]",
        f"[64:ff9b:1::{pair}]",
    )
    yield from (f"[2002:{pair}::1]", f"[2002:{pair}::{pair}]")
    yield from (f"[2001:0:5db8:d70e:0:0:{turned}]", f"[2001::{turned}]", f"[2001:0:{pair}::1]")
    yield from (f"[2a00:1450:4001::5efe:{pair}]", f"[2a00:1450:4001:0:200:5efe:{pair}]")
    yield from (f"[::ffff:{quad}%25eth0]", f"[::ffff:{quad}", f"[::ffff:{quad}]x")


CLOSED = _words(
    """
    0.1.2.3 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.2 127.255.255.254 169.254.0.1
    169.254.170.2 172.31.255.1 192.0.0.1 192.0.0.192 192.0.2.7 192.88.99.1 192.168.255.255 198.18.0.1
    198.19.255.1 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    168.63.129.16 169.254.170.23 [::] [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001]
    [::2] [fe80::1] [fe80::1%25lo] [fe80::1%lo] [fe80::a9fe:a9fe] [febf::1] [fec0::1] [fc00::1]
    [fd00:ec2::254] [FD00:EC2::254] [fd20:ce::254] [fd12:3456::1] [ff02::1] [ff0e::1] [100::1]
    [2001:db8::1] [2001:2::1] [2001:10::1] [2001:20::1] [3fff::1] [5f00::1] [2002::1] [64:ff9b::]
    [64:ff9b:1::1] [4000::1] [e000::1] [::1.] [:::1] [::g] [] [1] [v1.fe80::a] ::1 fe80::1
    """
)

NAMES = _words(
    """
    localhost LOCALHOST LocalHost localhost. localhost.localdomain a.localhost a.b.localhost.
    ip6-localhost loopback localhost6 metadata metadata.google.internal metadata.google.internal.
    instance-data instance-data.ec2.internal kubernetes kubernetes.default.svc
    kubernetes.default.svc.cluster.local host.docker.internal gateway.docker.internal router.lan
    router.home nas.local nas.local. printer intranet wiki.corp wiki.intranet files.private x.home.arpa
    hidden.onion a.alt 1.0.0.127.in-addr.arpa x.invalid x.test broadcasthost
    \uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54 loc\u00adalhost
    \u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3 l\u200docalhost localho\u017ft -a.org a-.org
    a..org .org a.org.. a_%41.org *.org a,b.org a;b.org a!b.org a'b.org a$b.org a(b).org a{b}.org
    a|b.org a^b.org a`b.org a~b.org a=b.org a&b.org
    """
)

TRICKS = (
    "http://user@127.0.0.1:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://:@127.0.0.1:{port}/",
    "http://@127.0.0.1:{port}/",
    "http://pictures.org@127.0.0.1:{port}/",
    "http://pictures.org:80@127.0.0.1:{port}/",
    "http://pictures.org%40127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@pictures.org/",
    "http://127.0.0.1:{port}%23@pictures.org/",
    "http://127.0.0.1:{port}\\@pictures.org/",
    "http://pictures.org\\@127.0.0.1:{port}/",
    "http://pictures.org\\127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}/",
    "http:/\\127.0.0.1:{port}/",
    "http:\\/127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}\\share",
    "http://pictures.org &@127.0.0.1:{port}# @x/",
    "http://pictures.org\t@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}:80/",
    "http://pictures.org:80:{port}/",
    "http://[pictures.org]:{port}/",
    "http://[::1]:{port}:80/",
    "http://[::1]{port}/",
    "http://[::1]@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/\r\nHost: pictures.org",
    "http://127.0.0.1:{port}\r\n/",
    "http://127.0.0.1\r:{port}/",
    "http://127.0.0.1\n:{port}/",
    "http://127.0.0.1\x00:{port}/",
    "http://127.0.0.1\x0b:{port}/",
    "http://127.0.0.1\x85:{port}/",
    "http://127.0.0.1\u2028:{port}/",
    "http://127.0.0.1\u00a0:{port}/",
    "http://127.0.0.1%0d%0a:{port}/",
    "http://pictures.org/\r\nX: y",
    "http://pictures.org/?a=\nSET x 1",
    "http://pictures.org/\x00",
    "http://pictures.org/\ud800",
    " http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/ ",
    "\x00http://127.0.0.1:{port}/",
    "\ufeffhttp://127.0.0.1:{port}/",
    "h\tttp://127.0.0.1:{port}/",
    "ht\ntp://127.0.0.1:{port}/",
    "http:127.0.0.1:{port}",
    "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http:////127.0.0.1:{port}/",
    "http://",
    "http://?",
    "http://#",
    "http:// /",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "localhost:{port}",
    "/etc/passwd",
    "?x",
    "",
    "http",
    "http://" + "a" * 300 + ".org/",
    "http://" + "a." * 200 + "org/",
    "http://pictures.org/" + "a" * 5000,
    "http://\u00fc" + "a" * 250 + ".org/",
    "HTTP://127.0.0.1:{port}/",
    "hTtP://LOCALHOST:{port}/",
    "https://127.0.0.1:{port}/",
    "https://[::1]:{port}/",
    "http://127.0.0.1:{port}?x",
    "http://127.0.0.1:{port}#x",
    "http://127.0.0.1:{port};x",
    "http://127.0.0.1;.pictures.org:{port}/",
    "http://127.0.0.1,pictures.org:{port}/",
)

SCHEMES = _words(
    """
    file:///etc/passwd file://127.0.0.1/etc/passwd file:/etc/passwd FILE:///etc/passwd
    ftp://127.0.0.1:{port}/ ftps://127.0.0.1:{port}/ sftp://127.0.0.1:{port}/ tftp://127.0.0.1:{port}/
    gopher://127.0.0.1:{port}/_x dict://127.0.0.1:{port}/x ldap://127.0.0.1:{port}/
    ldaps://127.0.0.1:{port}/ smb://127.0.0.1/x jar:http://127.0.0.1:{port}/!/ netdoc:///etc/passwd
    data:text/plain,x javascript:alert(1) ws://127.0.0.1:{port}/ wss://127.0.0.1:{port}/
    unix:///var/run/docker.sock http+unix://%2Fvar%2Frun%2Fdocker.sock/ blob:http://127.0.0.1/
    view-source:http://127.0.0.1:{port}/ feed:http://127.0.0.1:{port}/ url:http://127.0.0.1:{port}/
    about:blank mailto:a@127.0.0.1 telnet://127.0.0.1:{port}/ ssh://127.0.0.1/ redis://127.0.0.1:{port}/
    rtsp://127.0.0.1:{port}/ rtmp://127.0.0.1:{port}/ git://127.0.0.1:{port}/ svn://127.0.0.1:{port}/
    php://filter httpx://127.0.0.1:{port}/ http2://127.0.0.1:{port}/ \uff48ttp://127.0.0.1:{port}/
    http\uff1a//127.0.0.1:{port}/ concat:http://127.0.0.1:{port}/
    """
)

PORTS = _words(
    """
    0 1 21 22 23 25 53 110 2375 3306 5432 6379 9200 11211 65536 99999 080808 -1 +80 80a 0x50
    \uff18\uff10 \u0668\u0660
    """
)


def addresses() -> dict[str, list[str]]:
    """Every spelling, by kind; no name has to be looked up, or every name leads to 127.0.0.1."""
    at = "http://{}:{{port}}/".format
    return {
        "IPv4": [at(one) for quad in INNER for one in four(quad)],
        "IPv4 in IPv6": [at(one) for quad in INNER for one in six(quad)],
        "not public": [at(one) for one in CLOSED],
        "names": [at(one) for one in NAMES],
        "tricks": list(TRICKS),
        "schemes": list(SCHEMES),
        "ports": [f"http://{PUBLIC}:{one}/" for one in PORTS] + [f"http://{PUBLIC}:/"],
    }
