/** How a report looks on a screen by day and night, and on paper. It holds no text of anybody. */
export const incidentStyle = [
  ':root{color-scheme:light dark;--text:#1f2328;--soft:#59636e;--edge:#d1d9e0;--paper:#fff;--shade:#f6f8fa;--mark:#fff4ce}',
  '@media screen and (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9198a1;--edge:#3d444d;--paper:#0d1117;--shade:#151b23;--mark:#3a2f0b}}',
  'body{margin:0;background:var(--paper);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}',
  'main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}h1{font-size:1.7rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.15rem;margin:2.2rem 0 .6rem;padding-bottom:.3rem;border-bottom:1px solid var(--edge)}',
  'dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:0}dt{color:var(--soft)}dd{margin:0}',
  'table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--edge);overflow-wrap:anywhere}thead th{color:var(--soft);font-weight:600;overflow-wrap:normal}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.wide{overflow-x:auto}',
  '.timeline th{font:600 .85rem/1.8 ui-monospace,monospace;white-space:nowrap}.actor{color:var(--soft);white-space:nowrap}',
  'ul{padding-left:1.3rem;margin:.5rem 0}.checks{list-style:none;padding-left:0}.checks li{padding-left:1.5rem;text-indent:-1.5rem}.box{font-size:1.05em}',
  'code{font:.88em ui-monospace,monospace;background:var(--shade);padding:.1em .3em;border-radius:4px}.blank{background:var(--mark);padding:.05em .35em;border-radius:3px}',
  'blockquote{margin:.6rem 0;padding:.4rem 1rem;border-left:3px solid var(--edge);background:var(--shade)}blockquote footer{color:var(--soft);font-size:.88rem}figure{margin:.5rem 0 1.2rem;overflow-x:auto}.chart{width:100%;height:auto}',
  '@media print{body{font-size:11px}main{max-width:none;padding:0}section,figure,tr{break-inside:avoid}h2{break-after:avoid}}',
].join('');
