package dev.limpet.broker.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes password files. Stateless; one writer at a time. */
public final class PasswordEditor {

  /** 2^10 rounds: some 50 ms a password on a server of today. */
  private static final int COST = 10;

  private static final int PASSWORD_BYTES_MAX = 71;

  /** Two bytes on the wire. */
  private static final int USER_BYTES_MAX = 65_535;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private PasswordEditor() {}

  /**
   * Gives a user a password, in place of the one before; a new file is for its owner's eyes only.
   *
   * @param withScram whether to add a SCRAM-SHA-256 verifier, from which a thief of the file can
   *     guess passwords faster than from bcrypt
   * @throws FileProblemException when the name, the password or the file cannot be used
   */
  public static void put(Path file, String user, String password, boolean withScram)
      throws IOException {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    check(user, bytes);
    String hash =
        new String(
            BCrypt.with(BCrypt.Version.VERSION_2B).hash(COST, bytes), StandardCharsets.US_ASCII);
    ScramVerifier scram = withScram ? ScramKeys.verifier(password) : null;
    Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    List<String> lines = Files.exists(real) ? TextFile.lines(real) : List.of();
    write(real, replaced(lines, new Credential(user, hash, scram)));
  }

  private static void check(String user, byte[] password) throws FileProblemException {
    boolean unusable =
        user.isEmpty()
            || user.startsWith("#")
            || user.indexOf(':') >= 0
            || !user.equals(user.strip())
            || user.chars().anyMatch(Character::isISOControl)
            || user.getBytes(StandardCharsets.UTF_8).length > USER_BYTES_MAX;
    if (unusable) {
      throw new FileProblemException(
          "a user name has no colon, no control characters and no space or hash in front");
    }
    if (password.length == 0 || password.length > PASSWORD_BYTES_MAX) {
      throw new FileProblemException("a password has 1 to 71 bytes: bcrypt reads no further");
    }
  }

  private static List<String> replaced(List<String> lines, Credential credential) {
    List<String> all = new ArrayList<>(lines);
    String name = credential.user() + ":";
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).strip().startsWith(name)) {
        all.set(i, credential.line());
        return all;
      }
    }
    all.add(credential.line());
    return all;
  }

  /** All or nothing: a broker that reads meanwhile sees the old file or the new one. */
  private static void write(Path file, List<String> lines) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    Path folder = file.getParent();
    if (!Files.isDirectory(folder)) {
      throw new FileProblemException("cannot write " + file + ": there is no directory " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw new FileProblemException(
          "cannot write " + file + ": this process may not write in " + folder);
    }
    Path draft = Files.createTempFile(folder, ".passwords", ".tmp", attributes);
    try {
      Files.write(draft, lines);
      if (posix && Files.exists(file)) {
        Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(file));
      }
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
