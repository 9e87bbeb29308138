/** Wait until the first look has been drawn, if the page is in sight: what makes the page alive keeps the browser busy. */
export const painted = () => new Promise((resolve) => (document.hidden ? resolve() : requestAnimationFrame(() => setTimeout(resolve))));
