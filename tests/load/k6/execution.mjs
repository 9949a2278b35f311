export default { vu: { idInTest: 7 } };
