package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;

/** Which message an event is about: each topic has one publisher, who numbers what it sends. */
record Message(String topic, long number) {

  static Message of(Event event) {
    return new Message(event.topic(), event.number());
  }

  @Override
  public String toString() {
    return topic + " " + number;
  }
}
