// The elements that reach beyond the right edge of the screen, unless one around them scrolls.
const edge = document.documentElement.clientWidth;
const scrolls = (element) => element && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
const wide = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > edge + 1 && !scrolls(it.parentElement));
const faults = wide.slice(0, 5).map((it) => `too wide: ${it.outerHTML.slice(0, 100)}`);
if (document.documentElement.scrollWidth > edge) faults.push(`the page scrolls to the right: ${document.documentElement.scrollWidth} px`);
return faults;
