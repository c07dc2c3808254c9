// On paper everything is open.
addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
});

// Blocks of code scroll sideways, so the keyboard must reach them.
for (const code of document.querySelectorAll("pre > code")) code.tabIndex = 0;
