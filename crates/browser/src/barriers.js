const done = arguments[arguments.length - 1];
const told = ({ impact, id, nodes }) => `${impact}: ${id}: ${nodes[0].html.slice(0, 120)}: ${nodes[0].failureSummary}`;
axe.run().then(({ violations }) => done(violations.filter((it) => ["serious", "critical"].includes(it.impact)).map(told)));
