package dev.limpet.broker.access;

import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All users of one password file, by name. Immutable. */
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

  @Nullable Credential find(String user) {
    return byUser.get(user);
  }
}
