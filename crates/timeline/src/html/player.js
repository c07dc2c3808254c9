// Steps through a timeline. Each `.tl` on a page is a player of its own.
(() => {
  const PACE = 700; // milliseconds a step
  const AHEAD = 0.4; // where in the view the current step stands

  function player(root) {
    const find = (selector) => root.querySelector(selector);
    const [view, plot, slider, now, list] = [".tl-view", ".tl-view .tl-plot", ".tl-slider", ".tl-now", ".tl-steps"].map(find);
    const [cursor, ahead, place, play] = [".tl-cursor", ".tl-ahead", ".tl-place", ".tl-play"].map(find);
    const steps = [...list.children];
    const column = Number(list.dataset.column);
    const lanes = [...root.querySelectorAll(".tl-lane")];
    const number = (step, name) => Number(step.dataset[name]);
    const width = plot.viewBox.baseVal.width;
    let current = 0;
    let playing;

    // A step stands in the list once. Here it becomes a button, with its number, and a column of the picture.
    steps.forEach((step, at) => {
      const make = (name, className, ...children) => {
        const made = document.createElement(name);
        made.className = className;
        made.append(...children);
        return made;
      };
      const text = make("span", "tl-text", ...step.childNodes);
      const button = make("button", "", make("span", "tl-number", at + 1), text);
      Object.assign(button, { type: "button", tabIndex: -1 });
      const [moment, title] = ["rect", "title"].map((name) => document.createElementNS(plot.namespaceURI, name));
      title.textContent = text.textContent;
      moment.append(title);
      moment.setAttribute("class", "tl-moment");
      const height = plot.viewBox.baseVal.height;
      Object.entries({ x: number(step, "from"), y: 0, width: column, height }).forEach((it) => moment.setAttribute(...it));
      button.dataset.step = moment.dataset.step = at;
      step.append(button);
      plot.insertBefore(moment, ahead);
    });

    // The state of each lane once the steps up to the current one have happened.
    function states() {
      const states = lanes.map(() => "");
      for (const step of steps.slice(0, current + 1)) {
        for (const change of (step.dataset.states || "").split(" ").filter(Boolean)) {
          const [lane, state] = change.split(":");
          states[lane] = state;
        }
      }
      return states;
    }

    function show() {
      const step = steps[current];
      const from = number(step, "from");
      const to = from + column;
      cursor.setAttribute("x", from);
      cursor.setAttribute("width", to - from);
      ahead.setAttribute("x", to);
      ahead.setAttribute("width", Math.max(0, width - to));
      slider.value = current + 1;
      const button = step.firstElementChild;
      slider.setAttribute("aria-valuetext", `step ${current + 1}: ${button.querySelector(".tl-text").textContent}`);
      place.textContent = `${current + 1} / ${steps.length}`;
      now.innerHTML = button.querySelector(".tl-text").innerHTML;
      root.querySelector("[aria-current]")?.removeAttribute("aria-current");
      for (const other of list.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
      button.setAttribute("aria-current", "step");
      button.tabIndex = 0;
      states().forEach((state, lane) => {
        lanes[lane].dataset.state = state;
        lanes[lane].querySelector(".tl-state").textContent = state || "–";
        lanes[lane].classList.toggle("tl-here", lane === number(step, "lane"));
      });
      // Only the view and the list move, never the page.
      const scale = plot.clientWidth / width;
      const room = view.clientWidth - find(".tl-lanes").offsetWidth;
      view.scrollLeft = from * scale - room * AHEAD;
      const lane = lanes[number(step, "lane")];
      if (lane) view.scrollTop = lane.offsetTop - view.clientHeight / 2 + lane.offsetHeight / 2;
      list.scrollTop = step.offsetTop - list.clientHeight / 2 + step.offsetHeight / 2;
    }

    function go(step) {
      current = Math.min(Math.max(step, 0), steps.length - 1);
      if (current === steps.length - 1) pause();
      show();
    }

    // The nearest step of the same lane, before or after the current one.
    function along(direction) {
      const lane = steps[current].dataset.lane;
      let step = current + direction;
      while (steps[step] && steps[step].dataset.lane !== lane) step += direction;
      if (steps[step]) go(step);
    }

    function pause() {
      clearInterval(playing);
      playing = undefined;
      label();
    }

    function label() {
      play.setAttribute("aria-label", playing ? "Pause" : "Play");
      play.classList.toggle("tl-playing", Boolean(playing));
    }

    function toggle() {
      if (playing) return pause();
      if (current === steps.length - 1) go(0);
      playing = setInterval(() => go(current + 1), PACE);
      label();
    }

    const moves = {
      first: () => go(0),
      back: () => go(current - 1),
      play: toggle,
      on: () => go(current + 1),
      last: () => go(steps.length - 1),
    };
    const keys = {
      Home: moves.first,
      ArrowLeft: moves.back,
      ArrowRight: moves.on,
      End: moves.last,
      ArrowUp: () => along(-1),
      ArrowDown: () => along(1),
      " ": toggle,
    };

    function pressed(event) {
      const own = event.target === document.body || root.contains(event.target);
      const wanted = own && !event.ctrlKey && !event.metaKey && !event.altKey;
      // A button takes the space bar itself, and a link the page.
      if (!wanted || !keys[event.key] || (event.key === " " && event.target.closest("button, a, summary"))) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
      if (list.contains(event.target)) list.querySelector("[aria-current]").focus({ preventScroll: true });
    }

    root.addEventListener("click", (event) => {
      const move = event.target.closest("[data-move]");
      if (move) return moves[move.dataset.move]();
      const target = event.target.closest("[data-step]");
      if (target && root.contains(target)) return pause(), go(number(target, "step"));
      if (!plot.contains(event.target)) return;
      const box = plot.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * width;
      const after = steps.findIndex((step) => number(step, "from") + column >= x);
      pause();
      go(after < 0 ? steps.length - 1 : after);
    });
    slider.addEventListener("input", () => {
      pause();
      go(slider.value - 1);
    });
    // Alone on its page, a player takes the keys wherever the focus is.
    (root.hasAttribute("data-alone") ? document : root).addEventListener("keydown", pressed);
    root.classList.add("tl-live");
    show();
  }

  const start = () => document.querySelectorAll(".tl:not(.tl-live)").forEach(player);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
