package dev.pushgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpAnswersTest {
  private static final String ANSWERS =
      "HTTP/1.1 201 Created\r\nContent-Type: x\r\ncontent-length: 5\r\n\r\nhello"
          + "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n"
          + "HTTP/1.1 204 No Content\r\n\r\n";

  private final List<Integer> statuses = new ArrayList<>();
  private final HttpAnswers answers = new HttpAnswers(statuses::add);

  @Test
  void answersAreReadInOnePiece() {
    answers.take(ANSWERS);

    assertThat(statuses).containsExactly(201, 429, 204);
  }

  @Test
  void answersAreReadByteByByte() {
    ANSWERS.chars().forEach(c -> answers.take(Character.toString(c)));

    assertThat(statuses).containsExactly(201, 429, 204);
  }
}
