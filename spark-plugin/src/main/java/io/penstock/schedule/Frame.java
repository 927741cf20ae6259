package io.penstock.schedule;

/**
 * What crosses from one rank to another: activations forward, gradients backward.
 *
 * @param maker the compute action that makes it
 * @param user the compute action that uses it
 */
record Frame(Action maker, Action user) {
  Action send() {
    return maker.as(user.kind() == Kind.F ? Kind.SEND_F : Kind.SEND_B);
  }

  Action receive() {
    return user.as(user.kind() == Kind.F ? Kind.RECV_F : Kind.RECV_B);
  }
}
