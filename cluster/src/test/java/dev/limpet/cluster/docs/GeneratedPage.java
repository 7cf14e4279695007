package dev.limpet.cluster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page below {@code docs} that the code writes: a test compares it with what the code says now,
 * and writes it anew when asked to. Immutable.
 *
 * @param name of its file
 */
public record GeneratedPage(String name) {

  private static final Path DOCS = Path.of("..", "docs");
  private static final String RENEW = "pages.renew";
  private static final String COMMAND =
      "mvn -pl cluster -am test -Dtest='*PageTest' -Dsurefire.failIfNoSpecifiedTests=false -D"
          + RENEW;

  /** A page as it lies in the repository. */
  public static String read(String name) throws IOException {
    return Files.readString(DOCS.resolve(name));
  }

  /**
   * Fails unless the page has this text; with the property {@value #RENEW} it gets it instead.
   *
   * @param text in Markdown, without the note that a test has written it
   */
  public void requireText(String text) throws IOException {
    String wanted = text + note();
    Path page = DOCS.resolve(name);
    if (System.getProperty(RENEW) != null) {
      Files.writeString(page, wanted);
    }
    assertThat(page)
        .as("docs/%s is not what the code says; renew the generated pages by: %s", name, COMMAND)
        .hasContent(wanted);
  }

  private static String note() {
    return """

        ---

        Generated from the code; [how to renew it](contributing.md#generated-pages).
        """;
  }
}
