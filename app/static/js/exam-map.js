// The map of all items: answered, flagged, current.
import { progress } from "./exam-answers.js";

export class ItemMap {
  constructor(root, items) {
    this.items = items;
    this.root = root;
    this.links = new Map([...root.querySelectorAll("[data-map] a")].map((link) => [link.dataset.position, link]));
    this.current = items[0];
    const seen = new IntersectionObserver((entries) => {
      const first = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target)[0];
      if (first && !first.form.contains(document.activeElement)) this.mark(first); // focus knows better than scrolling
    }, { rootMargin: "-20% 0px -65% 0px" });
    items.forEach((item) => {
      seen.observe(item);
      item.addEventListener("focusin", () => this.mark(item));
    });
    root.querySelectorAll("[data-filter]").forEach((box) => box.addEventListener("change", () => this.filter()));
    this.links.forEach((link, position) => link.addEventListener("click", (event) => {
      event.preventDefault();
      this.go(this.items[position - 1]);
    }));
  }

  mark(item) {
    this.links.get(this.current.dataset.position)?.removeAttribute("aria-current");
    this.current = item;
    this.links.get(item.dataset.position)?.setAttribute("aria-current", "true");
  }

  go(item) {
    if (!item) return;
    item.scrollIntoView({ block: "start" });
    (item.querySelector("input:checked") ?? item.querySelector("input, select, textarea")).focus({ preventScroll: true });
    this.mark(item);
  }

  step(by) { this.go(this.items[this.items.indexOf(this.current) + by]); }

  refresh(item) {
    const link = this.links.get(item.dataset.position);
    const state = progress(item);
    const flagged = item.querySelector(".flag").getAttribute("aria-pressed") === "true";
    link.classList.toggle("answered", state === "whole");
    link.classList.toggle("begun", state === "begun");
    link.classList.toggle("flagged", flagged);
    item.classList.toggle("flagged", flagged);
    const words = this.root.querySelector("[data-map]").dataset;
    link.setAttribute("aria-label", [item.dataset.position, { whole: words.answered, begun: words.begun }[state] ?? words.unanswered, flagged ? words.flagged : ""].filter(Boolean).join(" "));
    const { unanswered, begun, flagged: marked } = this.counts();
    this.root.querySelector("[data-count=answered]").textContent = this.items.length - unanswered.length - begun.length;
    this.root.querySelector("[data-count=flagged]").textContent = marked.length;
    const clear = item.querySelector(".clear");
    if (clear) clear.hidden = !state;
  }

  counts() {
    return {
      unanswered: this.items.filter((item) => !progress(item)),
      begun: this.items.filter((item) => progress(item) === "begun"),
      flagged: this.items.filter((item) => item.querySelector(".flag").getAttribute("aria-pressed") === "true"),
    };
  }

  filter() {
    const wanted = this.root.querySelector("[data-filter]:checked")?.value ?? "all";
    this.links.forEach((link) => {
      link.parentElement.hidden =
        (wanted === "open" && link.classList.contains("answered")) || (wanted === "flagged" && !link.classList.contains("flagged"));
    });
  }
}
