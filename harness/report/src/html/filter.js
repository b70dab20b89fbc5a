(() => {
  const bar = document.querySelector("[data-filter]");
  if (!bar) return;
  const items = [...document.querySelectorAll("[data-item]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const fields = [...bar.querySelectorAll("[name]")];
  const shown = bar.querySelector("output");
  const asked = new URLSearchParams(location.search);
  for (const field of fields) if (asked.has(field.name)) field.value = asked.get(field.name);
  const apply = () => {
    let left = 0;
    for (const item of items) {
      item.hidden = !fields.every((field) => {
        const value = field.value.trim();
        if (!value) return true;
        if (field.name === "q") return item.textContent.toLowerCase().includes(value.toLowerCase());
        return item.dataset[field.name] === value;
      });
      if (!item.hidden) left += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-item]:not([hidden])");
    shown.textContent = shown.dataset.text.replace("{n}", left).replace("{all}", items.length);
  };
  bar.addEventListener("input", apply);
  bar.addEventListener("reset", () => setTimeout(apply));
  bar.addEventListener("submit", (event) => event.preventDefault());
  for (const part of bar.querySelectorAll("[data-scripted]")) part.hidden = false;
  apply();
  // A link to something that the filter hides shows it again.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const item = target && target.closest("[data-item]");
    if (item && item.hidden) { bar.reset(); setTimeout(() => target.scrollIntoView()); }
  });
})();
