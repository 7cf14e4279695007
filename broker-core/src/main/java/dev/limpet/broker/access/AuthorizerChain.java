package dev.limpet.broker.access;

import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Combines several authorizers: the first that does not ignore a question decides; a question all
 * ignore is refused. Costs no more than its links as long as they answer at once. Immutable.
 */
public final class AuthorizerChain implements Authorizer {
  private final List<Authorizer> links;

  /**
   * @param links in the order they are asked
   */
  public AuthorizerChain(List<Authorizer> links) {
    this.links = List.copyOf(links);
  }

  /** One question to one link. */
  private interface Question<T> {
    CompletableFuture<Decision> ask(Authorizer link, ClientIdentity client, T subject);
  }

  @Override
  public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
    return ask(0, Authorizer::mayPublish, client, topic);
  }

  @Override
  public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
    return ask(0, Authorizer::maySubscribe, client, filter);
  }

  @Override
  public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
    return ask(0, Authorizer::mayReceive, client, topic);
  }

  @Override
  public void onChange(Runnable listener) {
    links.forEach(link -> link.onChange(listener));
  }

  private <T> CompletableFuture<Decision> ask(
      int from, Question<T> question, ClientIdentity client, T subject) {
    for (int i = from; i < links.size(); i++) {
      CompletableFuture<Decision> answer = question.ask(links.get(i), client, subject);
      if (!answer.isDone()) {
        int next = i + 1;
        return answer.thenCompose(
            known ->
                known == Decision.IGNORE
                    ? ask(next, question, client, subject)
                    : CompletableFuture.completedFuture(known));
      }
      if (answer.isCompletedExceptionally() || answer.join() != Decision.IGNORE) {
        return answer;
      }
    }
    return Decision.DENY.now();
  }
}
