package dev.limpet.broker.events;

/** Makes text of clients fit for one line of a log. Stateless. */
public final class Printable {
  private static final int LENGTH_MAX = 256;

  private Printable() {}

  /**
   * The text with its control, format and separator characters written as escapes ({@code \}{@code
   * u000a}), so that it can neither forge lines nor turn the direction of what follows; at most 256
   * characters of it.
   */
  public static String of(String text) {
    int length = Math.min(text.length(), LENGTH_MAX);
    StringBuilder printable = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char each = text.charAt(i);
      if (isPlain(each)) {
        printable.append(each);
      } else {
        printable.append("\\u%04x".formatted((int) each));
      }
    }
    return length < text.length() ? printable.append('…').toString() : printable.toString();
  }

  private static boolean isPlain(char each) {
    return switch (Character.getType(each)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
