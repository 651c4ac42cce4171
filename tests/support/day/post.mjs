// One post of the day: where it stands, what happens to it, and what must be known of it in the end.

const added = (counters, steps) => {
  for (const [name, step] of Object.entries(steps)) counters[name] = (counters[name] ?? 0) + step;
};

export class Post {
  uri;                     // known once it is written
  seen = new Set();        // the sources that have shown it
  counters = {};           // as its home says; only what that platform says at all
  states;                  // what they were, from when on
  removed;                 // why it is not to be found any more

  /// name: for people. class: of the mention, null when it has none (any more). write(): puts it into the world and gives
  /// its uri. home: { bump(steps), edit(words), remove() }. gone: what is said when it is deleted.
  constructor(day, { name, platform, host, kind = 'original', class: matched = 'hashtag', partner = null, counters = {}, write,
                     home,
                     gone = 'gone at its home server' }) {
    Object.assign(this, { day, name, platform, host, kind, class: matched, partner, home, gone });
    added(this.counters, counters);
    this.states = [{ from: 0, counters: { ...this.counters } }];
    this.write = () => { this.uri = write(); };
  }

  /// Sources that show it, whenever they do.
  by(...sources) {
    for (const source of sources) this.seen.add(source);
    return this;
  }

  /// The same words by the same author or organisation, within a day: whatever else tells that story.
  tells(story) {
    this.story = story;
    return this;
  }

  grows(time, steps) {
    return this.#then(time, () => {
      this.home.bump(steps);
      this.moves(time, steps);
    });
  }

  /// What its home counts by itself, as somebody reposts it.
  moves(time, steps) {
    added(this.counters, steps);
    this.states.push({ from: time, counters: { ...this.counters } });
    return this;
  }

  /// Grows four times while it is young, where that leaves room for a late reading.
  growsWithItsReadings(created, steps) {
    for (const hours of [0.25, 1, 3, 8]) {
      const [growth, reading] = [0.7, 1].map(share => created + share * hours * 3_600_000);
      if (growth <= this.day.lastChange && reading <= this.day.lastReading) this.grows(growth, steps);
    }
    return this;
  }

  /// now: the class of what it says from then on.
  edited(time, words, now) {
    this.class = now;
    return this.#then(time, () => this.home.edit(words));
  }

  deleted(time) {
    this.removed = this.gone;
    return this.#then(time, () => this.home.remove());
  }

  #then(time, act) {
    this.day.at(time, act);
    return this;
  }
}
