/** The page's whole style; light and dark by the reader's setting. */
export const style = `:root{color-scheme:light dark;--line:#d5d9e0;--soft:#f4f6f9;--dim:#566072;--ok:#12703c;--bad:#b3261e;--err:#8a5300;--skip:#566072}
@media (prefers-color-scheme:dark){:root{--line:#3a414d;--soft:#20252d;--dim:#a6b0c0;--ok:#6fd39b;--bad:#ff9d94;--err:#f3bd6b;--skip:#a6b0c0}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}
header,main{max-width:1100px;margin:0 auto;padding:16px}h1{font-size:22px;margin:8px 0}h2{font-size:18px;margin:32px 0 8px}
p.dim,.dim{color:var(--dim)}.tiles{display:flex;flex-wrap:wrap;gap:8px;padding:0;list-style:none}.tiles li{border:1px solid var(--line);border-radius:8px;padding:6px 14px}
.tiles b{font-size:18px}.scroll{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid var(--line);padding:4px 10px;text-align:left;font-weight:400}thead th{background:var(--soft)}
.passed{color:var(--ok)}.failed{color:var(--bad)}.errored{color:var(--err)}.skipped,.inconclusive{color:var(--skip)}
details.case{border:1px solid var(--line);border-radius:8px;margin:8px 0;content-visibility:auto;contain-intrinsic-size:auto 40px}summary{padding:8px 12px;cursor:pointer;overflow-wrap:anywhere}
.in{padding:0 12px 12px}h3{font-size:13px;margin:12px 0 4px;color:var(--dim)}pre{margin:0;background:var(--soft);border-radius:6px;padding:8px;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 ui-monospace,monospace}
ul.verdicts{list-style:none;padding:0;margin:0}ul.verdicts li{padding:4px 0;overflow-wrap:anywhere}code{font:13px ui-monospace,monospace}a{color:LinkText}`;
