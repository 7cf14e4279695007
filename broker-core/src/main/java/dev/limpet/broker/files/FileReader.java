package dev.limpet.broker.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes a value from files. Called on any thread; may block. */
@FunctionalInterface
public interface FileReader<T> {

  /**
   * @throws IOException when a file cannot be read or used; the message is for the operator and
   *     names the file
   */
  T read(List<Path> files) throws IOException;
}
