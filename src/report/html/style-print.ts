/** On paper: what is open, every limit and every step; nothing cut, and no tool that only a screen has. */
export const print = `
@media print{
@page{margin:13mm 13mm 15mm;@bottom-right{content:counter(page) " of " counter(pages);font:8pt sans-serif;color:#475460}}
body{background:#fff;font-size:9.5pt;line-height:1.38}main{max-width:none;padding:0}
h1{font-size:24pt}h2{font-size:17pt}.lead,.exit{font-size:12pt}.sum{margin:16px 0 12px}.sum b{font-size:20pt}
.skip,.tools :is(button,label),.filters,.copy,.up,.values{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.scroll{break-inside:auto}.heat td{height:22px}.heat{font-size:8pt}.long .bound{margin-top:2px}
h2,h3,h4,.over,.stage>header,.steps>li>p:first-child,.why,.place>header,.claim>header,.subject,.limits,.elsewhere,figcaption,thead{break-after:avoid}
.forest,.row,.chart,tr,.steps>li,.claim-list>li,.requirements>li,.key>li,.policy>li,.place>header,.stage>header,.claim>header,.why,.reason,.remedy{break-inside:avoid}p{orphans:3;widows:3}.ticks,.legend{break-before:avoid}
#next details::details-content,.sources::details-content{content-visibility:visible;display:block;block-size:auto}
#next details>summary,.sources>summary,.more:not([open])>summary,.repeats{display:none}.place>.more:not([open])>summary{display:list-item;list-style:none}
.result .more>summary{display:none}.place>.more{margin-top:1px}.place>.more>summary{padding:0;font-size:8.5pt}
.matrix th[scope=row],.matrix:not(.many) thead :is(td,th){position:static;background:none}.matrix th{font-size:8.5pt;overflow-wrap:normal}
.scroll,.matrix-frame{overflow:visible}.matrix-frame{margin:0}.matrix{border-spacing:3px}.matrix thead td,.matrix th[scope=row]{width:136px}
.matrix tbody td,.cell{height:26px}.matrix tr{height:auto}.key,.key-note,.of-requirements{margin-top:6px;font-size:8.5pt}
#next,.stage,section[aria-labelledby=artefacts-title]{margin-top:26px}.stage{padding-top:12px}.place{margin-top:11px}.place>header h3{font-size:13pt}.over{font-size:9pt}
.owner{display:block;padding:8px 0}.owner h3{margin-bottom:4px}.owner h3 span{display:inline;margin-left:10px}.steps{display:block}.steps>li+li{margin-top:8px}.more>.steps{margin-top:8px}
.requirement>summary{grid-template-columns:104px 44px minmax(0,1fr) 118px 88px;gap:2px 10px;padding:4px 0}.requirement .share,.requirement .who,.requirement .badge,.badge{font-size:8.5pt}.requirement em{white-space:normal}
.claim{padding:8px 14px;margin:8px 0;border-radius:6px;box-decoration-break:clone;-webkit-box-decoration-break:clone}.claim h4{font-size:10.5pt}.reason{font-size:9.5pt}
.results,.several>.results{display:block;margin-top:4px}.result+.result{margin-top:10px}
.result,.several .result{display:block;padding-top:6px}.said:has(~.plots){float:left;width:46%}.plots{margin-left:49%}
.result:has(.row+.row+.row) .said{float:none;width:auto}.result:has(.row+.row+.row) .plots{margin-left:0}
.plots:has(.row+.row+.row) .row{display:grid;grid-template-columns:46% 54%;align-items:center}.plots:has(.row+.row+.row) .row-head{padding-right:14px}
.plots:has(.row+.row+.row) :is(.limits,.ticks){margin-left:46%;width:54%}.forest .limits{margin-top:0}.forest text{font-size:10.5px}.result>.more{clear:both;margin-top:2px}
.evidence{font-size:7.5pt}.evidence .digest{font-size:6.3pt}
.fine,.policy,.legend,.subject,.data,.claim-list{font-size:8.5pt}.policy{margin:4px 0 0;gap:1px}
.row-head{padding:2px 0 0;font-size:8.5pt}
.charts{grid-template-columns:1fr 1fr}.chart{max-width:100%}
.charts{margin:4px 0}.chart svg{max-width:285px}
.data th:first-child{min-width:200px}.data th br{display:none}.data th .fine{margin-left:10px}.data th,.data td{padding-top:2px;padding-bottom:2px}
footer{margin-top:26px;break-inside:avoid}
}
`;
