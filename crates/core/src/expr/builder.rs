//! Builds expressions node by node. Equal nodes are one node, so that common subexpressions are
//! shared from the start and a derivative stays small.

use std::collections::HashMap;
use std::sync::Arc;

use super::Expr;
use super::node::{Binary, Comparison, Id, Node, Number, Unary};

#[derive(Default)]
pub struct Builder {
    nodes: Vec<Node>,
    ids: HashMap<Node, Id>,
}

impl Builder {
    pub fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The id of this node, new or known. No rule is applied but one: the negative of a number is a
    /// number, so that what is printed is read back as the same tree.
    pub fn intern(&mut self, node: Node) -> Id {
        if let Node::Unary(Unary::Neg, a) = node
            && let Node::Number(Number(value)) = *self.node(a)
        {
            return self.number(-value);
        }
        if let Some(&id) = self.ids.get(&node) {
            return id;
        }
        let id = self.nodes.len() as Id;
        self.nodes.push(node.clone());
        self.ids.insert(node, id);
        id
    }

    pub fn number(&mut self, value: f64) -> Id {
        // Negative zero is zero, or the text `-0` would not be read back as what it was.
        self.intern(Node::Number(Number(value + 0.0)))
    }

    pub fn z(&mut self) -> Id {
        self.intern(Node::Z)
    }

    pub fn param(&mut self, name: &str) -> Id {
        self.intern(Node::Param(Arc::from(name)))
    }

    pub fn raw_unary(&mut self, op: Unary, a: Id) -> Id {
        self.intern(Node::Unary(op, a))
    }

    pub fn raw_binary(&mut self, op: Binary, a: Id, b: Id) -> Id {
        self.intern(Node::Binary(op, a, b))
    }

    pub fn raw_compare(&mut self, op: Comparison, a: Id, b: Id) -> Id {
        self.intern(Node::Compare(op, a, b))
    }

    /// Takes in another expression as it is. Returns its root.
    pub fn import(&mut self, expr: &Expr) -> Id {
        let mut ids: Vec<Id> = Vec::with_capacity(expr.nodes().len());
        for node in expr.nodes() {
            let id = self.intern(node.map_operands(|id| ids[id as usize]));
            ids.push(id);
        }
        // An expression has at least one node: its root, the last.
        ids[ids.len() - 1]
    }

    /// The expression under `root`, its nodes numbered in post-order, so that equal trees are equal
    /// vectors whatever the builder held besides.
    pub fn finish(&self, root: Id) -> Expr {
        let mut new_ids: HashMap<Id, Id> = HashMap::new();
        let mut nodes: Vec<Node> = Vec::new();
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if new_ids.contains_key(&id) {
                stack.pop();
                continue;
            }
            let node = self.node(id);
            let n_before = stack.len();
            node.for_each_operand(|operand| {
                if !new_ids.contains_key(&operand) {
                    stack.push(operand);
                }
            });
            // The first operand is to be numbered first, so it goes on top.
            stack[n_before..].reverse();
            if stack.len() == n_before {
                new_ids.insert(id, nodes.len() as Id);
                nodes.push(node.map_operands(|operand| new_ids[&operand]));
                stack.pop();
            }
        }
        Expr::from_nodes(nodes)
    }
}
