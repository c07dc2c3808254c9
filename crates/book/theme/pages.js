// On paper everything is open.
addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
});

// Blocks of code scroll sideways, so the keyboard must reach them.
for (const code of document.querySelectorAll("pre > code")) code.tabIndex = 0;

// A label that opens the table of contents is a button, and has its state.
const toggle = document.getElementById("mdbook-sidebar-toggle");
toggle.setAttribute("role", "button");
toggle.tabIndex = 0;
toggle.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        toggle.click();
    }
});
