/** Arrow keys in the matrix, and details opened for a link's target. The page works without it. */
export const script = `(() => {
  const matrix = document.getElementById("matrix");
  const rows = [...matrix.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.querySelector("a")));
  const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  matrix.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    let row = rows.findIndex((links) => links.includes(event.target));
    if (row < 0) return;
    let column = rows[row].indexOf(event.target);
    do { row += move[0]; column += move[1]; } while (rows[row] && column >= 0 && column < rows[row].length && !rows[row][column]);
    const next = rows[row] && rows[row][column];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();`;
