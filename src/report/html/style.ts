/** The page's whole style; light and dark by the reader's setting. Every colour has a contrast of at least 4.5 to 1 on what is behind it. */
export const style = `
:root{color-scheme:light dark;--back:#fff;--ink:#1b2230;--dim:#566072;--line:#d8dde6;--soft:#f4f6f9;--link:#1f4fa8;
--ok:#12693a;--ok-back:#e3f4ea;--bad:#a81f18;--bad-back:#fdeae8;--err:#7d4b00;--err-back:#fdf1dc;--skip:#566072;--skip-back:#eceff4}
@media (prefers-color-scheme:dark){:root{--back:#14181f;--ink:#e4e8ef;--dim:#a6b0c0;--line:#363d49;--soft:#1d222b;--link:#9dbcf5;
--ok:#7fd8a6;--ok-back:#16301f;--bad:#ffa89f;--bad-back:#3a1b19;--err:#f3c47d;--err-back:#352710;--skip:#a6b0c0;--skip-back:#262c36}}
*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{font:15px/1.5 system-ui,sans-serif;margin:0;background:var(--back);color:var(--ink)}
header,main{max-width:1200px;margin:0 auto;padding:0 16px}
header{padding-top:16px}
h1{font-size:22px;margin:8px 0 4px}
h2{font-size:19px;margin:40px 0 4px;padding-top:16px;border-top:1px solid var(--line);overflow-wrap:anywhere}
h3{font-size:13px;margin:14px 0 4px;color:var(--dim);font-weight:600}
p{margin:4px 0}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.dim{color:var(--dim);overflow-wrap:anywhere}
.note{border:1px solid var(--err);background:var(--err-back);color:var(--err);border-radius:8px;padding:8px 12px;margin:12px 0}
ul{list-style:none;padding:0;margin:0}
.tiles{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0}
.tiles li{border:1px solid var(--line);border-radius:8px;padding:6px 14px;min-width:92px}
.tiles b{display:block;font-size:22px;line-height:1.3;font-variant-numeric:tabular-nums}
.tiles .none{color:var(--dim);font-weight:400}
.passed{color:var(--ok)}.failed{color:var(--bad)}.errored,.warned{color:var(--err)}.skipped,.inconclusive{color:var(--skip)}
.badge{display:inline-block;border-radius:999px;padding:0 9px;font-size:13px;font-weight:600;text-decoration:none;white-space:nowrap}
.badge.passed{background:var(--ok-back)}.badge.failed{background:var(--bad-back)}
.badge.errored,.badge.warned{background:var(--err-back)}.badge.skipped,.badge.inconclusive{background:var(--skip-back)}
a.badge:hover{text-decoration:underline}
.list{margin:8px 0;border:1px solid var(--line);border-radius:8px}
.list li{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline;padding:6px 12px;overflow-wrap:anywhere}
.list li+li{border-top:1px solid var(--line)}
.list a:not(.badge){flex:1 1 16em;min-width:0}
.list .dim{flex:2 1 20em;min-width:0}
.list>li>.badge{min-width:78px;text-align:center}
.compared p,.compared pre{flex:1 1 100%;min-width:0}
del{background:var(--bad-back);color:var(--bad)}ins{background:var(--ok-back);color:var(--ok)}
.scroll{overflow-x:auto;margin:12px 0}
table{border-collapse:separate;border-spacing:0}
th,td{border:solid var(--line);border-width:0 1px 1px 0;padding:5px 10px;text-align:left;font-weight:400;vertical-align:top}
thead th{border-top-width:1px;background:var(--soft);font-weight:600;font-size:13px;white-space:nowrap}
tr>:first-child{border-left-width:1px;position:sticky;left:0;background:var(--back);max-width:46vw;min-width:min(20em,46vw);overflow-wrap:anywhere}
thead tr>:first-child{background:var(--soft)}
details.case{color:var(--ink);border:1px solid var(--line);border-radius:8px;margin:8px 0}
details.case.failed,details.case.errored{border-left:4px solid var(--bad)}
details.case.errored{border-left-color:var(--err)}
details.case:has(:target){outline:2px solid var(--link)}
summary{padding:8px 12px;cursor:pointer;overflow-wrap:anywhere}
summary:hover{background:var(--soft)}
.in{padding:0 12px 12px;scroll-margin-top:56px}
.in>div{content-visibility:auto;contain-intrinsic-size:auto 320px}
.trial{border-top:1px dashed var(--line);margin-top:14px}
pre{margin:0;background:var(--soft);border-radius:6px;padding:8px 10px;white-space:pre-wrap;overflow-wrap:anywhere;
font:13px/1.5 ui-monospace,monospace;max-height:26em;overflow:auto;tab-size:4}
.verdicts{border:1px solid var(--line);border-radius:6px}
.verdicts li{padding:6px 10px;overflow-wrap:anywhere}
.verdicts li+li{border-top:1px solid var(--line)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20em),1fr));gap:0 12px}
.sides>div{min-width:0}
code{font:13px ui-monospace,monospace}
@media print{.in>div{content-visibility:visible}pre{max-height:none}}
`;
