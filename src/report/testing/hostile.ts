import fc from "fast-check";

/** Names that would run, break out or mislead where they are not escaped. */
export const hostileNames: readonly string[] = [
  "</script><img src=x onerror=alert(1)>",
  "</style><script>alert(1)</script>",
  `"><svg onload=alert(1)>`,
  `' onmouseover='alert(1)`,
  "<!-- -->]]><![CDATA[",
  "&lt;b&gt;&#x3c;script&#x3e;",
  "javascript:alert(1)",
  "url(https://example.invalid/x.png)",
  "\u202egnp.exe\u202c",
  "\u001b[2J\u001b]0;owned\u0007",
  "\u0000\u0008\ud800",
  "{{constructor}} $`rm`",
  "漢字のとても長い名前",
  "long ".repeat(2000),
  "x".repeat(10_000),
];

/** Any string of UTF-16 code units, lone surrogates and control characters among them, most of them near ASCII. */
export const anyName = fc
  .array(fc.oneof(fc.nat(0x2ff), fc.nat(0xffff)), { minLength: 1, maxLength: 80 })
  .map((units) => String.fromCharCode(...units));
