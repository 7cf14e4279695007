package dev.limpet.broker.access;

import dev.limpet.broker.files.FileProblemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Represents one line of a password file, {@code NAME:BCRYPT} or {@code NAME:BCRYPT:SCRAM}.
 * Immutable.
 *
 * @param bcrypt hash of the password; empty when there is none, then CONNECT's password is refused
 * @param scram verifier for SCRAM-SHA-256; null when this user cannot use it
 */
record Credential(String user, String bcrypt, @Nullable ScramVerifier scram) {

  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");

  static Credential parse(String line, String where) throws FileProblemException {
    String[] fields = line.split(":", 3);
    if (fields.length < 2 || fields[0].isEmpty()) {
      throw new FileProblemException(
          where + " is not NAME:HASH: write the line with 'limpet passwd'");
    }
    boolean withScram = fields.length == 3;
    if (!BCRYPT.matcher(fields[1]).matches() && !(withScram && fields[1].isEmpty())) {
      throw new FileProblemException(
          where + " has no bcrypt hash: write the line with 'limpet passwd'");
    }
    ScramVerifier scram = withScram ? ScramVerifier.parse(fields[2]) : null;
    if (withScram && scram == null) {
      throw new FileProblemException(
          where + " has an unusable SCRAM-SHA-256 field: write the line with 'limpet passwd'");
    }
    return new Credential(fields[0], fields[1], scram);
  }

  /** The line of this user. */
  String line() {
    return user + ":" + bcrypt + (scram == null ? "" : ":" + scram.text());
  }
}
