package dev.limpet.examples.nemesis.check;

/**
 * A promise that was broken.
 *
 * @param promise its name, such as G2
 * @param sentence what happened to whom, and when
 */
public record Violation(String promise, String sentence) {

  @Override
  public String toString() {
    return promise + ": " + sentence;
  }
}
