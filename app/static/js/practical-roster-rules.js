// How many people a plan puts into each interval, and which limits it breaks. The server counts the same for the marks.
const minutes = (clock) => { const [hours, rest] = clock.split(":"); return Number(hours) * 60 + Number(rest); };
const hours = (shift) => (minutes(shift.to) - minutes(shift.from) - (shift.break ? minutes(shift.break[1]) - minutes(shift.break[0]) : 0)) / 60;
const figure = (number) => String(Math.round(number * 100) / 100);

export function coverage(task, plan) {
  const shifts = new Map(task.shifts.map((shift) => [shift.id, shift]));
  const starts = task.intervals.map((one) => minutes(one.from));
  const step = starts[1] - starts[0];
  const works = (shift, start) => {
    const away = shift.break && minutes(shift.break[0]) < start + step && start < minutes(shift.break[1]);
    return minutes(shift.from) <= start && start + step <= minutes(shift.to) && !away;
  };
  const chosen = task.staff.map((one) => shifts.get(plan[one.id])).filter(Boolean);
  return starts.map((start) => chosen.filter((shift) => works(shift, start)).length);
}

// [name of the words, values for their places] for everything that is broken.
export function breaches(task, plan) {
  const limits = task.limits ?? {};
  const shifts = new Map(task.shifts.map((shift) => [shift.id, shift]));
  const names = new Map(task.staff.map((one) => [one.id, one.name]));
  const of = (id) => shifts.get(plan[id]);
  const working = task.staff.filter((one) => of(one.id));
  const found = [];
  const say = (name, values) => found.push([name, values]);
  for (const one of working) {
    const shift = of(one.id);
    if (!one.may.includes(shift.id)) say("may", { person: one.name, shift: shift.name });
    if (one.most_hours && hours(shift) > Number(one.most_hours)) say("mostHours", { person: one.name, shift: shift.name, hours: figure(Number(one.most_hours)) });
  }
  const worked = working.reduce((sum, one) => sum + hours(of(one.id)), 0);
  if (limits.most_staff != null && working.length > limits.most_staff) say("mostStaff", { count: working.length, most: limits.most_staff });
  if (limits.most_hours != null && worked > Number(limits.most_hours) + 1e-9) say("totalHours", { hours: figure(worked), most: figure(Number(limits.most_hours)) });
  for (const rule of limits.per_shift ?? []) {
    const values = { shift: shifts.get(rule.shift)?.name ?? rule.shift, count: working.filter((one) => plan[one.id] === rule.shift).length };
    if (rule.least != null && values.count < rule.least) say("shiftLeast", { ...values, least: rule.least });
    if (rule.most != null && values.count > rule.most) say("shiftMost", { ...values, most: rule.most });
  }
  for (const [one, other] of limits.together ?? []) if (of(one) && of(other) !== of(one)) say("together", { one: names.get(one), other: names.get(other) });
  for (const [one, other] of limits.apart ?? []) if (of(one) && of(other) === of(one)) say("apart", { one: names.get(one), other: names.get(other) });
  for (const id of limits.must_work ?? []) if (!of(id)) say("mustWork", { person: names.get(id) });
  coverage(task, plan).forEach((count, place) => {
    const at = task.intervals[place].from;
    if (limits.most_on_duty != null && count > limits.most_on_duty) say("mostOnDuty", { at, count, most: limits.most_on_duty });
    if (limits.least_on_duty != null && count < limits.least_on_duty) say("leastOnDuty", { at, count, least: limits.least_on_duty });
  });
  return found;
}
