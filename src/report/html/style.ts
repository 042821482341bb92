import { print } from "./style-print.ts";
import { dark, light, shade, tint, variables } from "./theme.ts";

const ground = `
:root{color-scheme:light;${variables(light)};--shade:${shade.light}%;--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif;--mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${variables(dark)};--shade:${shade.dark}%}}
*{box-sizing:border-box}
html{scroll-padding-top:20px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15.5px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{max-width:1120px;margin:0 auto;padding:44px 28px 72px}
h1,h2{font-family:var(--serif);font-weight:500;letter-spacing:-.012em;line-height:1.15;text-wrap:balance}
h1{font-size:clamp(30px,5vw,44px);margin:10px 0 0}
h2{font-size:28px;margin:0 0 6px}
h3,h4,p{margin:0}
a{color:inherit;text-decoration-color:color-mix(in srgb,currentColor 35%,transparent);text-underline-offset:3px}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2.5px solid var(--data);outline-offset:2px;border-radius:4px}
[tabindex="-1"]:focus{outline:none}
code{font:.86em/1.4 var(--mono);background:color-mix(in srgb,var(--line) 25%,transparent);border-radius:4px;padding:1px 4px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:8px;background:var(--ink);color:var(--paper);padding:8px 14px;border-radius:6px;z-index:2}
.skip:focus{left:16px}
.fine{color:var(--soft);font-size:13.5px}
.met{--c:var(--met)}.unmet{--c:var(--unmet)}.errored{--c:var(--errored)}.undecided{--c:var(--undecided)}.unassessed,.inapplicable{--c:var(--none)}
.badge{color:var(--c);font-weight:650;font-size:13.5px;white-space:nowrap}
`;

const top = `
.over{display:flex;align-items:center;gap:10px;color:var(--brass);font-size:14px;margin:0}
.sextant{flex:none}
.lead{color:var(--soft);font-size:18px;line-height:1.5;max-width:62ch;margin:12px 0 8px;text-wrap:pretty}
.exit{max-width:56ch;margin:20px 0 10px;border-left:3px solid var(--c);padding:1px 0 1px 14px;font-size:18px;line-height:1.4;font-weight:600;text-wrap:balance;--c:var(--unmet)}
.exit::first-letter{text-transform:uppercase}.exit-0{--c:var(--met)}.exit-3{--c:var(--errored)}.exit-4{--c:var(--undecided)}
.sum{display:flex;flex-wrap:wrap;align-items:baseline;gap:8px 30px;margin:34px 0 22px;padding:0;list-style:none}
.sum li{display:flex;align-items:baseline;gap:8px;color:var(--c);font-size:15px}
.sum b{font:500 36px/1 var(--serif);font-variant-numeric:lining-nums tabular-nums}
.sum .zero{color:var(--soft)}.sum .of{color:var(--soft)}
`;

const matrix = `
.matrix-frame{position:relative;margin:0 -6px;padding:2px 0}.matrix-frame:has(.many){overflow-x:auto}
.matrix{border-collapse:separate;border-spacing:6px;width:100%;table-layout:fixed}
.matrix.many{min-width:calc(180px + 9 * 74px)}
.matrix thead td,.matrix th[scope=row]{width:190px}
.matrix th{font-weight:500;font-size:14px;line-height:1.25;padding:2px 4px}
.matrix th[scope=col]{color:var(--soft);vertical-align:bottom;padding-bottom:6px;overflow-wrap:break-word;hyphens:auto}
.matrix th a{text-decoration:none;display:inline-block;min-height:24px;padding:2px}.matrix th a:hover{text-decoration:underline}
.matrix.many th[scope=col]{height:112px}.matrix.many th[scope=col] a{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;max-height:108px}
.matrix th[scope=row]{text-align:left;padding-left:0;position:sticky;left:0;background:var(--paper);z-index:1}
.matrix tbody td{height:42px;padding:0;border-radius:8px;background:color-mix(in srgb,var(--line) 26%,transparent)}
.matrix tbody td:has(a){background:none}
.cell{display:flex;align-items:center;justify-content:center;gap:8px;height:42px;border-radius:8px;text-decoration:none;color:var(--c);border:1.5px solid color-mix(in srgb,var(--c) 42%,transparent);background:color-mix(in srgb,var(--c) ${tint}%,var(--card))}
.cell{position:relative;overflow:hidden}.progress{position:absolute;left:0;bottom:0;fill:var(--c);opacity:.6}.cell.unmet .progress,.cell.errored .progress{fill:currentColor}
.cell b{font-size:16px;line-height:1}.cell .sofar{color:var(--c);font-size:13px;margin-left:4px}.cell i{font-style:normal;font-size:13px}
.cell.unmet,.cell.errored{background:var(--c);color:var(--paper);border-color:var(--c)}
.cell.unassessed{background:none;border-style:dashed}
.cell.inapplicable{background:none;border-color:transparent}
.cell.lowered{border-style:dotted}
.cell:hover{box-shadow:0 0 0 2px var(--c)}
.cell:focus-visible{outline-color:var(--ink);outline-offset:2px;border-radius:8px}
.key{display:flex;flex-wrap:wrap;gap:4px 22px;list-style:none;margin:12px 0 0;padding:0;color:var(--soft);font-size:13.5px}
.key b{color:var(--c);font-weight:650}.key-note{margin-top:8px;color:var(--soft);font-size:13.5px}.key-note b{color:var(--c,var(--ink));font-weight:650}
.of-requirements{margin-top:16px;color:var(--soft)}.of-requirements span{color:var(--c)}
`;

const next = `
#next,.stage,section[aria-labelledby=artefacts-title]{margin-top:68px}
#next h2{margin-bottom:14px}
.owner{display:grid;grid-template-columns:170px minmax(0,1fr);gap:8px 28px;border-top:1px solid var(--line);padding:18px 0}
.owner h3{font:500 19px/1.3 var(--serif);color:var(--brass)}.owner h3 span{display:block;font:13.5px/1.4 system-ui,sans-serif;color:var(--soft)}
.steps{list-style:none;margin:0;padding:0;display:grid;gap:16px}
.step-head{display:flex;flex-wrap:wrap;gap:0 10px;align-items:baseline;font-weight:600}
.step-head a{max-width:calc(100% - 28px)}
.step-head b,.step-head .word{color:var(--c)}.step-head .word{font-size:13.5px;font-weight:500}
.step-head code{margin-left:auto;background:none;color:var(--soft);font-weight:400;padding:0;user-select:all}
.steps p+p{margin:2px 0 0 22px;max-width:78ch}
.remedy{color:var(--ink)}.remedy::before{content:"→ ";color:var(--brass);font-weight:600}
.more{margin-top:8px}
summary{cursor:pointer}
.more>summary{color:var(--soft);font-size:13.5px;padding:4px 0;width:fit-content}.more>summary:hover{color:var(--ink)}
.more>.steps{margin-top:14px}
`;

const stage = `
.stage{border-top:2px solid var(--ink);padding-top:20px}
.says{color:var(--soft);max-width:70ch}
h3.small{font-size:13.5px;font-weight:600;color:var(--soft);margin:24px 0 6px}
.requirements{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
.requirements>li{border-bottom:1px solid var(--line)}
.requirement>summary{display:grid;grid-template-columns:112px 58px minmax(0,1fr) 200px 96px;gap:4px 14px;padding:9px 0;align-items:baseline;list-style:none}
.requirement>summary::-webkit-details-marker{display:none}
.requirement>summary:hover .what{text-decoration:underline;text-decoration-color:var(--line);text-underline-offset:3px}
.requirement .id{font:13px var(--mono)}.requirement .who{color:var(--brass);font-size:13.5px}.requirement em{color:var(--soft);font-style:normal;white-space:nowrap}.requirement em::before{content:"· "}
.requirement .share{color:var(--soft);font-size:13.5px;text-align:right}
.requirement>.claim-list,.requirement>.fine{margin:0 0 14px 126px}
.claim-list{list-style:none;margin:8px 0 0;padding:0;display:grid;gap:5px;font-size:14.5px}
.claim-list li{padding-left:22px;text-indent:-22px}.claim-list li>*{text-indent:0}
.claim-list b{color:var(--c,var(--none));display:inline-block;width:18px;text-indent:0}
.place{margin-top:34px}
.place>header{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}
.place>header h3{font:500 21px/1.3 var(--serif)}
.place>header .share{color:var(--soft);font-size:13.5px}
.place .why{max-width:80ch;margin-top:2px}
.elsewhere{margin-top:14px;color:var(--soft);font-size:13.5px}
.place:target>header h3,.claim:target h4{text-decoration:underline;text-decoration-color:var(--brass);text-decoration-thickness:2px;text-underline-offset:5px}
`;

const claim = `
.claim{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--c);border-radius:10px;padding:18px 22px 16px;margin:14px 0}
.claim>header{display:grid;grid-template-columns:auto minmax(0,1fr) auto;gap:2px 14px;align-items:baseline}
.claim h4{font-size:16.5px;line-height:1.4;font-weight:600;text-wrap:pretty}
.claim>header code{background:none;color:var(--soft);padding:0;overflow-wrap:anywhere}
.results{display:grid;gap:22px;margin-top:10px}
.several>.results{grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:26px 34px}
.result:target{outline:2px solid var(--brass);outline-offset:6px;border-radius:6px}
.result{min-width:0;display:grid;grid-template-columns:minmax(0,1fr) minmax(0,440px);gap:6px 34px;align-content:start}
.several .result{grid-template-columns:minmax(0,1fr);border-top:1px solid var(--line);padding-top:12px}
.result>.more{grid-column:1/-1;margin-top:2px}.result>.said:not(:has(~.plots)){grid-column:1/-1}
.several>.results{grid-auto-rows:auto}.several .result{grid-row:span 4;grid-template-rows:subgrid;row-gap:4px}
.subject{font-size:13.5px;color:var(--soft)}.claim:not(.several) .subject .badge{display:none}
.reason{font-size:16px;margin-top:2px;text-wrap:pretty}.reason::first-letter{text-transform:uppercase}
.said .remedy{margin-top:8px}.said .fine{margin-top:8px}
.forest{margin:4px 0 2px}.forest+.forest{margin-top:14px}
.forest figcaption,.chart figcaption{font-size:13.5px;color:var(--soft)}.forest figcaption::first-letter,.chart figcaption::first-letter{text-transform:uppercase}
.forest svg{display:block;overflow:visible}
.forest .limits{margin-top:4px}
.forest text{font-size:12px;fill:var(--soft)}.forest .limits text{fill:var(--ink)}
.row-head{display:flex;justify-content:space-between;gap:10px;font-size:13.5px;line-height:1.3;padding:5px 0 2px;background:none}
.row-head .of{min-width:0;color:var(--ink)}.row-head .num{white-space:nowrap;color:var(--soft)}.row-head .num b{color:var(--ink);font-weight:650;margin-right:4px}
.good{fill:color-mix(in srgb,var(--met) 13%,transparent)}
.axis{stroke:var(--line)}.limit{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:3 3}
.interval{stroke:var(--c);stroke-width:5;stroke-linecap:round}.estimate{fill:var(--card);stroke:var(--c);stroke-width:3}
.mark{overflow:visible}.base{fill:var(--soft)}
.legend{font-size:12.5px;color:var(--soft);margin-top:2px}.swatch{display:inline-block;width:14px;height:10px;border-radius:2px;background:color-mix(in srgb,var(--met) 22%,transparent);border-right:1.5px dashed var(--ink);margin-right:6px}
.images{display:grid;grid-template-columns:repeat(3,minmax(0,150px));gap:12px 18px;margin:10px 0}.images figure{margin:0}
.images img{width:100%;image-rendering:pixelated;border:1px solid var(--line);border-radius:4px;display:block}.images figcaption{color:var(--soft);font-size:13px;line-height:1.35;margin-top:4px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:18px 30px;margin:10px 0}
.chart{margin:0;max-width:430px}.chart svg{display:block;width:100%;height:auto;margin-top:4px}.chart text{font:12px system-ui,sans-serif}
.scroll{position:relative;overflow-x:auto;margin:12px 0 4px}
.data{border-collapse:collapse;font-size:13.5px;width:100%;line-height:1.35}
.data th,.data td{text-align:right;padding:5px 0 5px 16px;vertical-align:top;white-space:nowrap}
.data thead th{color:var(--soft);font-weight:500;border-bottom:1px solid var(--line)}
.data th:first-child{text-align:left;padding-left:0;white-space:normal;min-width:130px;font-weight:500}
.data .words,.data thead th:has(~th):nth-child(2){white-space:normal}.data .words{text-align:left;min-width:120px}
.data tbody tr+tr>*{border-top:1px solid color-mix(in srgb,var(--line) 60%,transparent)}
.data tbody+tbody>tr:first-child>*{border-top:1px solid color-mix(in srgb,var(--line) 60%,transparent)}.data .group th{color:var(--soft);font-weight:500;padding-top:10px}.data .group+tr>*{border-top:0}.data .group~tr>th{padding-left:12px}
.policy{list-style:none;margin:14px 0 8px;padding:0;font-size:13.5px;display:grid;gap:4px}
.digest{word-break:break-all;font-size:12px;background:none;padding:0}
footer{margin-top:72px;border-top:1px solid var(--line);padding-top:18px;color:var(--soft);font-size:14px;display:grid;gap:8px;max-width:85ch}footer b{color:var(--ink)}
`;

const tables = `
.chart svg{max-width:100%}.of-matrix{max-width:none}.charts>:has(.of-matrix){grid-column:1/-1}
.values{margin-top:0}.values>summary{font-size:13px}
.curves,.points{margin:4px 0 0;padding:0;font-size:13px;color:var(--soft);display:flex;flex-wrap:wrap;gap:2px 16px;line-height:1.4}
.curves{list-style:none}.curves svg{display:inline-block;width:26px;height:8px;margin:0 2px 1px 0;vertical-align:middle}
.points{list-style-position:inside;counter-reset:none}.points li{color:var(--ink)}.points .beaten{color:var(--soft)}.points em{color:var(--data);font-style:normal;font-weight:600}.points em::before{content:"· "}
.heat{border-collapse:separate;border-spacing:2px;font-size:13px;line-height:1.3}
.heat td{min-width:38px;height:34px;text-align:center;border-radius:4px;padding:2px 5px;color:var(--ink);white-space:nowrap}
.heat th{font-weight:500;color:var(--soft);padding:2px 6px;max-width:120px;overflow-wrap:break-word}
.heat tbody th{text-align:right;position:sticky;left:0;background:var(--card)}.heat thead th{vertical-align:bottom}
.heat .same{box-shadow:inset 0 0 0 1.5px var(--ink)}
${Array.from({ length: 10 }, (_, at) => `.heat-${at}{background:color-mix(in srgb,var(--data) calc(${at} * var(--shade)),var(--card))}`).join("")}
`;

const tools = `
[hidden]{display:none!important}
button,input,select{font:inherit;color:inherit;background:var(--card);border:1px solid color-mix(in srgb,var(--soft) 60%,transparent);border-radius:7px;padding:5px 10px;min-height:32px}
button{cursor:pointer}button:hover{border-color:var(--ink)}button[aria-disabled=true]{color:var(--soft);border-style:dashed;cursor:default}
.tools{display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center;margin:6px 0 4px;font-size:13px;color:var(--soft)}.tools button,.tools input{font-size:13px;color:var(--ink);padding:2px 9px;min-height:28px}
.tools label{display:flex;gap:6px;align-items:center}.tools input{width:170px}
.filters{display:grid;grid-template-columns:minmax(0,1.6fr) repeat(3,minmax(0,1fr)) auto;gap:8px 12px;align-items:end;margin-top:60px;padding:12px 0;position:sticky;top:0;z-index:3;background:var(--paper);border-bottom:1px solid var(--line)}
@media(max-height:640px){.filters{position:static}}
.filters :is(input,select,button){height:36px}.filters label{display:grid;gap:2px;font-size:13px;color:var(--soft)}.filters input,.filters select{width:100%;font-size:14.5px;color:var(--ink)}.filters button{font-size:14.5px}
.filters>p{grid-column:1/-1}.filters>p:empty{display:none}.filters:not(.active) button{visibility:hidden}
:root:has(.filters:not([hidden])){scroll-padding-top:110px}
.id{text-decoration:none;user-select:all}.id:hover{text-decoration:underline}.digest{user-select:all}
.copy{font-size:12px;padding:0 7px;min-height:24px;color:var(--soft);margin-left:6px;white-space:nowrap}
.claim>header .ref{display:flex;align-items:baseline;flex-wrap:wrap}
.place-link{text-decoration:none}.place-link:hover{text-decoration:underline}
.up{margin-left:auto;font-size:13.5px;color:var(--soft)}
`;

/** Many rows stand below what is said of them, a line each, in the whole width of the card. */
const wide = `
@media screen and (min-width:761px){
.claim:not(.several) .result:has(.row+.row+.row+.row){grid-template-columns:minmax(0,1fr)}
.claim:not(.several) .plots:has(.row+.row+.row+.row) .row{display:grid;grid-template-columns:46% 54%;align-items:center}
.claim:not(.several) .plots:has(.row+.row+.row+.row) .row-head{padding:3px 18px 3px 0}
.claim:not(.several) .plots:has(.row+.row+.row+.row) :is(.limits,.ticks){margin-left:46%;width:54%}
}
`;

const elsewhere = `
@media screen and (max-width:760px){
.filters{position:static;grid-template-columns:1fr 1fr}.filters .find{grid-column:1/-1}:root:has(.filters:not([hidden])){scroll-padding-top:20px}
.heat td{min-width:32px;padding:2px 3px}.matrix:not(.many) thead :is(td,th){position:sticky;top:0;z-index:2;background:var(--paper)}
main{padding:26px 16px 56px}
.matrix{border-spacing:3px}.matrix.many{min-width:calc(112px + 9 * 44px)}
.matrix thead td,.matrix th[scope=row]{width:112px}
.matrix th{font-size:13px;padding:2px}
.matrix th[scope=col]{height:104px;padding-bottom:2px}
.matrix th[scope=col] a{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;max-height:100px}
.matrix tbody td,.cell{height:44px}.cell{flex-direction:column;gap:1px}.cell i{font-size:11.5px;line-height:1.1}.cell b{font-size:15px}
.sum{gap:6px 20px}.sum b{font-size:28px}.sum .of{flex-basis:100%}
.owner{grid-template-columns:1fr}.step-head code{margin-left:22px;flex-basis:100%}.stage,#next{margin-top:52px}
.requirement>summary{grid-template-columns:auto auto 1fr}.requirement .what{grid-column:1/-1;grid-row:2}.requirement .who{grid-column:1/-1}.requirement .share{grid-column:3;grid-row:1}
.requirement>.claim-list,.requirement>.fine{margin-left:0}
.claim{padding:14px 14px 12px;border-radius:8px}.claim>header{grid-template-columns:1fr}
.result{grid-template-columns:minmax(0,1fr)}
.row-head{flex-wrap:wrap;gap:0 10px}
}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}.cell{transition:box-shadow .12s}}
@media(forced-colors:active){.cell,.claim{forced-color-adjust:none}}
`;

/** The page's whole style. */
export const style = (ground + top + matrix + next + stage + claim + tables + tools + wide + elsewhere + print).trim();
