// Prints the sheet; the button is of no use without this script.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
