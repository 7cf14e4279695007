package dev.limpet.broker.access;

import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds all users of one password file, by name. Immutable. */
record Credentials(Map<String, Credential> byUser) {

  Credentials {
    byUser = Map.copyOf(byUser);
  }

  static Credentials read(Path file) throws IOException {
    List<String> lines = TextFile.lines(file);
    Map<String, Credential> byUser = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      if (TextFile.isBlank(lines.get(i))) {
        continue;
      }
      String where = file + ", line " + (i + 1);
      Credential credential = Credential.parse(lines.get(i).strip(), where);
      if (byUser.put(credential.user(), credential) != null) {
        throw new FileProblemException(where + " names '" + credential.user() + "' again");
      }
    }
    return new Credentials(byUser);
  }

  /** Returns the users that {@code next} lacks or lists with a different line. */
  Set<String> revokedBy(Credentials next) {
    Set<String> revoked = new HashSet<>();
    byUser.forEach(
        (user, credential) -> {
          Credential after = next.find(user);
          if (after == null || !after.line().equals(credential.line())) {
            revoked.add(user);
          }
        });
    return revoked;
  }

  @Nullable Credential find(String user) {
    return byUser.get(user);
  }
}
