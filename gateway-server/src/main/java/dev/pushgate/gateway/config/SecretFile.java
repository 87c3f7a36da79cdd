package dev.pushgate.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file that holds one secret, as orchestrators mount them. Thread-safe.
public final class SecretFile {
  /// What a secret may take at the most.
  public static final int MAX_BYTES = 64 * 1024;

  private SecretFile() {}

  /// The secret, without the blanks and line breaks around it.
  ///
  /// @throws IllegalArgumentException with the end of a sentence for people, without what is in the
  ///     file
  public static String read(Path file) {
    String names = "names " + file + ", which ";
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException(names + "has more than " + MAX_BYTES + " bytes");
      }
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
      if (text.isEmpty()) {
        throw new IllegalArgumentException(names + "is empty");
      }
      return text;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(names + "is not there", e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(names + "this user may not read", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(names + "is not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(names + "cannot be read", e);
    }
  }
}
