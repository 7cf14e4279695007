package dev.limpet.examples.nemesis.schedule;

import java.util.function.Consumer;

/**
 * One fault of a schedule.
 *
 * @param afterMillis how long after the step before
 * @param words what it does, for the record
 * @param deed what it does, for the nodes
 */
public record Step(long afterMillis, String words, Consumer<Harm> deed) {

  @Override
  public String toString() {
    return "+" + afterMillis + " ms " + words;
  }
}
