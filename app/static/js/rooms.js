// All rooms in figures, kept up to date.
import { put, watch } from "./watching.js";

export function start(section) {
  const rows = new Map([...section.querySelectorAll("[data-view]")].map((row) => [Number(row.dataset.view), row]));
  watch(section, (picture) => {
    if (picture.rooms.some((room) => !rows.has(room.view.first))) location.reload();
    for (const room of picture.rooms) {
      const row = rows.get(room.view.first), { have, need } = room.staffing;
      if (!row) continue;
      row.dataset.urgent = room.urgent ? "yes" : "";
      for (const cell of row.querySelectorAll("[data-of]")) {
        const of = cell.dataset.of;
        put(cell, of === "staffing" ? `${have} / ${need}` : String(room[of]));
        if (of === "staffing") cell.className = `badge ${have < need ? "bad" : "good"}`;
      }
    }
  });
}
